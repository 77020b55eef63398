package io.minikv.engine.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * A block of entries of an index snapshot. See {@code docs/format/index-snapshot.md}.
 *
 * <pre>
 *  0  4  checksum: CRC-32C of the bytes from 4 on, XOR mask
 *  4  4  number of entries
 *  8     entries: hash and location, 8 bytes each
 * </pre>
 */
public final class SnapshotBlock {

  /** How many entries each block has, but the last one. */
  public static final int ENTRIES = 4096;

  /** The length of each block but the last one, in bytes. */
  public static final int LENGTH = 8 + 16 * ENTRIES;

  private static final int COUNT_AT = 4;
  private static final int ENTRIES_AT = 8;
  private static final int ENTRY_LENGTH = 16;

  private SnapshotBlock() {}

  /** How many blocks so many entries take. */
  public static long blocks(long entries) {
    return (entries + ENTRIES - 1) / ENTRIES;
  }

  /** The length of all blocks of so many entries, in bytes. */
  public static long totalLength(long entries) {
    return ENTRIES_AT * blocks(entries) + ENTRY_LENGTH * entries;
  }

  /** The length of a block of so many entries, in bytes. */
  public static int length(int entries) {
    return ENTRIES_AT + ENTRY_LENGTH * entries;
  }

  /**
   * Writes the block of the first entries of an array.
   *
   * @param pairs hash and location of each in turn
   * @param offset where in the file the block will stand
   */
  public static void encode(
      long[] pairs, int entries, byte[] target, FileIdentity file, long offset) {
    LittleEndian.putInt(target, COUNT_AT, entries);
    numbers(target).put(pairs, 0, 2 * entries);
    LittleEndian.putInt(target, 0, checksum(target, entries, file, offset));
  }

  private static int checksum(byte[] bytes, int entries, FileIdentity file, long offset) {
    return Checksum.of(bytes, COUNT_AT, length(entries) - COUNT_AT) ^ file.mask(offset);
  }

  /**
   * Verifies a block.
   *
   * @param entries how many entries it must have
   * @throws FormatException when it is no such block
   */
  public static void verify(byte[] bytes, int entries, FileIdentity file, long offset)
      throws FormatException {
    if (LittleEndian.getInt(bytes, 0) != checksum(bytes, entries, file, offset)
        || LittleEndian.getInt(bytes, COUNT_AT) != entries) {
      throw new FormatException(
          FormatException.Kind.DAMAGED,
          "has entries whose checksum does not fit, at byte " + offset);
    }
  }

  /**
   * Reads the entries of a block.
   *
   * @param pairs gets hash and location of each in turn
   */
  public static void decode(byte[] bytes, int entries, long[] pairs) {
    numbers(bytes).get(pairs, 0, 2 * entries);
  }

  private static LongBuffer numbers(byte[] block) {
    return ByteBuffer.wrap(block)
        .position(ENTRIES_AT)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer();
  }
}
