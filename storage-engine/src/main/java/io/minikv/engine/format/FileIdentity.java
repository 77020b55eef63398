package io.minikv.engine.format;

/**
 * Which file of which store some bytes belong to. Checksums inside a file are bound to it and to
 * their place, so that bytes of another file, of another place, or of a whole log stored as a value
 * never pass for what should stand there.
 */
public final class FileIdentity {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;

  private final StoreId store;
  private final long fileNumber;
  private final long salt;

  /** For one file of a store; file numbers begin at 1. */
  public FileIdentity(StoreId store, long fileNumber) {
    this.store = store;
    this.fileNumber = fileNumber;
    this.salt = mix(mix(mix(store.high()) ^ store.low()) ^ fileNumber);
  }

  /** The store that the file belongs to. */
  public StoreId store() {
    return store;
  }

  /** The number of the file, never used again in its store. */
  public long fileNumber() {
    return fileNumber;
  }

  /**
   * What a CRC-32C of bytes that begin at {@code offset} of the file is combined with by exclusive
   * or.
   */
  public int mask(long offset) {
    return (int) mix(salt + offset * GOLDEN_GAMMA);
  }

  /**
   * Two rounds of multiplying and folding the upper half into the lower one: a bijection of 64
   * bits.
   */
  private static long mix(long x) {
    long mixed = (x ^ (x >>> 32)) * MULTIPLIER;
    mixed = (mixed ^ (mixed >>> 32)) * MULTIPLIER;
    return mixed ^ (mixed >>> 32);
  }
}
