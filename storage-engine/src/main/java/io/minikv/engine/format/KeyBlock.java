package io.minikv.engine.format;

import java.util.Arrays;

/**
 * The layout of a block of a key file. See {@code docs/format/key-file.md}.
 *
 * <pre>
 *  0  4  length of the block
 *  4  4  length of the block before it of the same level, 0 in the first one
 *  8     entries: in a leaf as in {@link KeyEntry}, above as below
 *    2n  where each entry begins, from the start of the block
 *     2  n, the number of entries
 *     4  CRC-32C of the bytes before, XOR mask
 *
 * An entry above the leaves:
 *  0  2  length of the key, k
 *  2  k  a key that no entry of the block below is less than, and none of the block before that
 *        greater than; empty in the first entry, where it is not needed
 *     8  offset of the block below
 * </pre>
 */
public final class KeyBlock {

  /** A block is ended before it gets longer than this, unless it has one entry only. */
  public static final int TARGET_LENGTH = 4096;

  /** Where the first entry begins. */
  public static final int ENTRIES_AT = 8;

  /** The length of what stands behind the places of the entries. */
  public static final int TAIL_LENGTH = 6;

  /** The greatest length of a block: with one entry of the greatest length. */
  public static final int MAX_LENGTH = ENTRIES_AT + KeyEntry.MAX_LENGTH + Short.BYTES + TAIL_LENGTH;

  /** The least length of a block. */
  public static final int MIN_LENGTH = ENTRIES_AT + Short.BYTES + TAIL_LENGTH;

  private static final int PREVIOUS_AT = 4;
  private static final int CHECKSUM_LENGTH = 4;

  private KeyBlock() {}

  /** The length that a block says it has. */
  public static int length(byte[] block) {
    return LittleEndian.getInt(block, 0);
  }

  /** The length of the block before it of the same level; 0 in the first one. */
  public static int previousLength(byte[] block) {
    return LittleEndian.getInt(block, PREVIOUS_AT);
  }

  /** The number of entries. */
  public static int entries(byte[] block) {
    return LittleEndian.getUnsignedShort(block, length(block) - TAIL_LENGTH);
  }

  /** Where the table begins that tells where entries begin. */
  public static int tableAt(byte[] block) {
    return length(block) - TAIL_LENGTH - entries(block) * Short.BYTES;
  }

  /** Where an entry begins. */
  public static int entryAt(byte[] block, int entry) {
    return entryAt(block, tableAt(block), entry);
  }

  /** Where an entry begins, when it is known where the table is. */
  public static int entryAt(byte[] block, int tableAt, int entry) {
    return LittleEndian.getUnsignedShort(block, tableAt + entry * Short.BYTES);
  }

  /** The length of an entry above the leaves with a key of that length. */
  public static int childLength(int keyLength) {
    return Short.BYTES + keyLength + Long.BYTES;
  }

  /** Compares the key of an entry above the leaves with another one. */
  public static int compareChildKey(byte[] block, int entry, byte[] key) {
    int at = entryAt(block, entry);
    int from = at + Short.BYTES;
    int to = from + LittleEndian.getUnsignedShort(block, at);
    return Arrays.compareUnsigned(block, from, to, key, 0, key.length);
  }

  /** Where the block below begins that an entry above the leaves tells of. */
  public static long child(byte[] block, int entry) {
    int at = entryAt(block, entry);
    return LittleEndian.getLong(block, at + Short.BYTES + LittleEndian.getUnsignedShort(block, at));
  }

  /** Whether a block, as long as it says, is what was written at that offset. */
  public static boolean isIntact(byte[] block, FileIdentity file, long offset) {
    int checksumAt = length(block) - CHECKSUM_LENGTH;
    return LittleEndian.getInt(block, checksumAt)
        == (Checksum.of(block, 0, checksumAt) ^ file.mask(offset));
  }

  /** Puts blocks together; for one thread. */
  public static final class Builder {

    private byte[] bytes = new byte[TARGET_LENGTH];
    private int[] starts = new int[64];
    private int end = ENTRIES_AT;
    private int count;
    private int previousLength;

    /** Whether another entry of that length would make the block too long. */
    public boolean isFullFor(int entryLength) {
      return count > 0
          && end + entryLength + (count + 1) * Short.BYTES + TAIL_LENGTH > TARGET_LENGTH;
    }

    /** Whether there is no entry in it. */
    public boolean isEmpty() {
      return count == 0;
    }

    /** Adds an entry that is encoded already. */
    public void add(byte[] source, int from, int length) {
      begin(length);
      System.arraycopy(source, from, bytes, end, length);
      end += length;
    }

    /**
     * Whether another entry above the leaves with a key of that length would make the block too
     * long. Two fit always, so that each level has at most half as many blocks as the one below.
     */
    public boolean isFullForChild(int keyLength) {
      return count > 1 && isFullFor(childLength(keyLength));
    }

    /** Adds an entry of a block above the leaves. The first one needs no key. */
    public void addChild(byte[] separator, long child) {
      byte[] key = count == 0 ? new byte[0] : separator;
      int length = childLength(key.length);
      begin(length);
      LittleEndian.putShort(bytes, end, key.length);
      System.arraycopy(key, 0, bytes, end + Short.BYTES, key.length);
      LittleEndian.putLong(bytes, end + Short.BYTES + key.length, child);
      end += length;
    }

    private void begin(int length) {
      int needed = end + length + (count + 1) * Short.BYTES + TAIL_LENGTH;
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, needed);
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = end;
    }

    /** Ends the block for its place in a file, and begins the next one of the same level. */
    public byte[] end(FileIdentity file, long offset) {
      int at = end;
      for (int i = 0; i < count; i++) {
        LittleEndian.putShort(bytes, at, starts[i]);
        at += Short.BYTES;
      }
      int length = at + TAIL_LENGTH;
      LittleEndian.putShort(bytes, at, count);
      LittleEndian.putInt(bytes, 0, length);
      LittleEndian.putInt(bytes, PREVIOUS_AT, previousLength);
      int checksumAt = length - CHECKSUM_LENGTH;
      LittleEndian.putInt(bytes, checksumAt, Checksum.of(bytes, 0, checksumAt) ^ file.mask(offset));
      byte[] block = Arrays.copyOf(bytes, length);
      previousLength = length;
      end = ENTRIES_AT;
      count = 0;
      return block;
    }
  }
}
