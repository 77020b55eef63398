package io.minikv.engine.format;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import java.util.Arrays;

/**
 * A record as a key file tells of it. See {@code docs/format/key-file.md}. Decoded in place: the
 * same object shows one entry after the other. For one thread.
 *
 * <pre>
 *  0  2  length of the key, k
 *  2  1  flags: 1 tombstone, 2 expires, 4 irregular, 8 merged
 *  3  k  key
 *     v  offset of the record in its segment, in units of 8 bytes
 *     v  sequence number
 *     v  length of the value
 *     v  length of the head, less 32 and k
 *     v  length of the frame in units of 8 bytes; only with flag 4
 *     8  expires at, milliseconds since 1970; only with flag 2
 *     v  place of its segment in the list of the file; only with flag 8
 *
 * v: seven bits a byte, the lowest first; the highest bit of all bytes but the last is 1.
 * </pre>
 */
public final class KeyEntry {

  /** The greatest length of an entry, in bytes. */
  public static final int MAX_LENGTH = 3 + Key.MAX_LENGTH + 6 * 10 + Long.BYTES;

  /** The part of {@link #MAX_LENGTH} that is the key. */
  public static final int MAX_KEY_LENGTH = Key.MAX_LENGTH;

  private static final int FLAG_TOMBSTONE = 1;
  private static final int FLAG_EXPIRES = 2;
  private static final int FLAG_IRREGULAR = 4;
  private static final int FLAG_MERGED = 8;
  private static final int FLAGS_AT = 2;
  private static final int KEY_AT = 3;

  private byte[] bytes = {};
  private int at;
  private int position;
  private int keyLength;
  private int flags;
  private long offset;
  private long sequence;
  private int valueLength;
  private int headLength;

  /** Of a record that is irregular; else 0. */
  private long irregularLength;

  private long expiresAtMillis;
  private int placeAt;
  private int place;

  /**
   * Encodes what is known of a record.
   *
   * @param target has room for {@link #MAX_LENGTH} bytes, or for the greatest length with this key
   * @return where the entry ends
   */
  public static int encode(FrameHead head, long offset, byte[] target, int at) {
    boolean tombstone = head.type() == Frame.TYPE_TOMBSTONE;
    boolean expires = head.expiresAtMillis() != EntryInfo.NEVER_MILLIS;
    int keyLength = head.keyLength();
    LittleEndian.putShort(target, at, keyLength);
    target[at + FLAGS_AT] =
        (byte)
            ((tombstone ? FLAG_TOMBSTONE : 0)
                | (expires ? FLAG_EXPIRES : 0)
                | (head.isPlain() ? 0 : FLAG_IRREGULAR));
    head.copyKey(target, at + KEY_AT);
    int end = at + KEY_AT + keyLength;
    end = putNumber(target, end, offset / Frame.ALIGNMENT);
    end = putNumber(target, end, head.sequence());
    end = putNumber(target, end, head.valueLength());
    end = putNumber(target, end, head.length() - Frame.FIXED_LENGTH - keyLength);
    if (!head.isPlain()) {
      end = putNumber(target, end, head.frameLength() / Frame.ALIGNMENT);
    }
    if (expires) {
      LittleEndian.putLong(target, end, head.expiresAtMillis());
      end += Long.BYTES;
    }
    return end;
  }

  /**
   * Encodes the entry as one of a merged key file.
   *
   * @param newPlace the place of its segment in the list of that file
   * @param target has room for {@link #MAX_LENGTH} bytes
   * @return where the entry ends
   */
  public int encodeMerged(int newPlace, byte[] target) {
    int length = placeAt - at;
    System.arraycopy(bytes, at, target, 0, length);
    target[FLAGS_AT] = (byte) (flags | FLAG_MERGED);
    return putNumber(target, length, newPlace);
  }

  private static int putNumber(byte[] target, int at, long number) {
    int end = at;
    long rest = number;
    while (rest >>> 7 != 0) {
      target[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[end++] = (byte) rest;
    return end;
  }

  /** Compares the keys of two entries as unsigned bytes. */
  public static int compareKeys(byte[] a, int aAt, byte[] b, int bAt) {
    return Arrays.compareUnsigned(
        a,
        aAt + KEY_AT,
        aAt + KEY_AT + LittleEndian.getUnsignedShort(a, aAt),
        b,
        bAt + KEY_AT,
        bAt + KEY_AT + LittleEndian.getUnsignedShort(b, bAt));
  }

  /** Compares the key of an entry with one that stands alone. */
  public static int compareKey(byte[] a, int aAt, byte[] key) {
    return Arrays.compareUnsigned(
        a, aAt + KEY_AT, aAt + KEY_AT + LittleEndian.getUnsignedShort(a, aAt), key, 0, key.length);
  }

  /** Which of two entries comes first in a run: by key, then the highest sequence number. */
  public int order(KeyEntry other) {
    int order = compareKeys(bytes, at, other.bytes, other.at);
    return order != 0 ? order : Long.compare(other.sequence, sequence);
  }

  /** Where the key of an entry begins. */
  public static int keyAt(int entryAt) {
    return entryAt + KEY_AT;
  }

  /** The length of the key of an entry. */
  public static int keyLength(byte[] bytes, int entryAt) {
    return LittleEndian.getUnsignedShort(bytes, entryAt);
  }

  /** Shows the entry that begins there, as long as the bytes stay as they are. */
  public void decode(byte[] newBytes, int newAt) {
    bytes = newBytes;
    at = newAt;
    keyLength = LittleEndian.getUnsignedShort(newBytes, newAt);
    flags = newBytes[newAt + FLAGS_AT];
    position = newAt + KEY_AT + keyLength;
    offset = takeNumber() * Frame.ALIGNMENT;
    sequence = takeNumber();
    valueLength = (int) takeNumber();
    headLength = (int) takeNumber() + Frame.FIXED_LENGTH + keyLength;
    irregularLength = isPlain() ? 0 : takeNumber() * Frame.ALIGNMENT;
    expiresAtMillis = EntryInfo.NEVER_MILLIS;
    if ((flags & FLAG_EXPIRES) != 0) {
      expiresAtMillis = LittleEndian.getLong(newBytes, position);
      position += Long.BYTES;
    }
    placeAt = position;
    place = (flags & FLAG_MERGED) == 0 ? 0 : (int) takeNumber();
  }

  private long takeNumber() {
    byte next = bytes[position++];
    return next >= 0 ? next : takeLongNumber(next);
  }

  private long takeLongNumber(byte lowest) {
    byte next = lowest;
    long number = next & 0x7F;
    for (int shift = 7; next < 0 && shift < Long.SIZE; shift += 7) {
      next = bytes[position++];
      number |= (long) (next & 0x7F) << shift;
    }
    return number;
  }

  /**
   * Whether a record can be such as the entry tells; known to be so in memory.
   *
   * @param places how many segments there are
   */
  public boolean isPossible(int places) {
    return keyLength > 0
        && place >= 0
        && place < places
        && sequence > 0
        && offset >= SegmentHeader.LENGTH
        && valueLength >= 0
        && headLength >= Frame.FIXED_LENGTH + keyLength
        && headLength <= Frame.MAX_HEAD_LENGTH
        && (isPlain() || irregularLength >= headLength);
  }

  /** Where the entry ends in its bytes. */
  public int end() {
    return position;
  }

  /** The place of its segment in the list of a merged key file; else 0. */
  public int place() {
    return place;
  }

  /** The bytes that hold the entry. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in them the entry begins. */
  public int at() {
    return at;
  }

  /** Where in them the key begins. */
  public int keyAt() {
    return at + KEY_AT;
  }

  /** The length of the key. */
  public int keyLength() {
    return keyLength;
  }

  /** The first eight bytes of the key, as {@link #prefix} tells them. */
  public long keyPrefix() {
    return prefix(bytes, at + KEY_AT, keyLength);
  }

  /**
   * The first eight bytes of a key as a number, the first one the highest; zeros behind its end. As
   * unsigned numbers they are in the order of the keys, as far as they differ.
   */
  public static long prefix(byte[] bytes, int from, int length) {
    if (length >= Long.BYTES) {
      return Long.reverseBytes(LittleEndian.getLong(bytes, from));
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[from + i] & 0xFFL) << (Long.SIZE - (i + 1) * Byte.SIZE);
    }
    return prefix;
  }

  /** A copy of the key. */
  public Key key() {
    return Key.copyOf(bytes, at + KEY_AT, keyLength);
  }

  /** Whether the record deletes the key. */
  public boolean isTombstone() {
    return (flags & FLAG_TOMBSTONE) != 0;
  }

  /** Whether the value lies behind the head as it was put. */
  public boolean isPlain() {
    return (flags & FLAG_IRREGULAR) == 0;
  }

  /** Where the record begins in its segment, in bytes. */
  public long offset() {
    return offset;
  }

  /** The sequence number of the record. */
  public long sequence() {
    return sequence;
  }

  /** The length of the value, in bytes, as the head of the record tells it. */
  public int valueLength() {
    return valueLength;
  }

  /** The length of the head of the record. */
  public int headLength() {
    return headLength;
  }

  /** The length of the whole frame. */
  public long frameLength() {
    return isPlain()
        ? Frame.align(
            headLength + (long) Frame.CHECKSUM_LENGTH * Frame.blocks(valueLength) + valueLength)
        : irregularLength;
  }

  /** When the entry goes by itself, or {@link EntryInfo#NEVER_MILLIS}. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }
}
