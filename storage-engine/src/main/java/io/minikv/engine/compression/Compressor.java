package io.minikv.engine.compression;

import io.minikv.domain.Value;
import io.minikv.engine.format.StoredValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides how values are stored: compressed where that saves enough, else as they are. Thread-safe;
 * takes no lock, so that callers compress on their own threads.
 */
public final class Compressor {

  /**
   * The greatest length of a value that is compressed: a part of a compressed value cannot be read
   * without all that comes before it.
   */
  static final int MOST_BYTES = 1 << 20;

  /** Compressed is stored what loses at least one byte in so many. */
  private static final int LEAST_SAVING_PART = 8;

  private final Optional<Codec> codec;
  private final int leastBytes;

  /**
   * Compresses by a codec, or not at all.
   *
   * @param leastBytes the smallest length of a value that is compressed
   */
  public Compressor(Optional<Codec> codec, int leastBytes) {
    this.codec = codec;
    this.leastBytes = leastBytes;
  }

  /** How a value is stored. */
  public StoredValue store(Value value) {
    int length = value.length();
    return codec.isEmpty() || length < leastBytes || length > MOST_BYTES
        ? StoredValue.plain(value)
        : compress(value, codec.get());
  }

  private static StoredValue compress(Value value, Codec codec) {
    int length = value.length();
    byte[] target = new byte[codec.mostCompressedBytes(length)];
    int compressed = codec.compress(value.toByteArray(), target);
    return compressed > length - Math.ceilDiv(length, LEAST_SAVING_PART)
        ? StoredValue.plain(value)
        : StoredValue.compressed(
            Value.wrap(Arrays.copyOf(target, compressed)), length, codec.code());
  }
}
