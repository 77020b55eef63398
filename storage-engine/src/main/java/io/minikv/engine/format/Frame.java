package io.minikv.engine.format;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;

/**
 * The constants of a frame, the unit of a segment. A frame is a record (a put or a tombstone) or a
 * watermark. See {@code docs/format/segment.md}.
 *
 * <pre>
 *  0  4  checksum: CRC-32C of the bytes from 4 to the end of the attributes, XOR mask
 *  4  1  type: 1 put, 2 tombstone, 3 watermark
 *  5  1  flags: 1 the next record belongs to the same batch, 2 expires, 4 the segment ends here,
 *        8 the value is in a file of its own, 16 the value is compressed
 *  6  2  length of the key, k
 *  8  4  length of the value as it stands here, v
 * 12  2  length of the attributes, a
 * 14  2  zero
 * 16  8  sequence number
 * 24  8  record: written at, milliseconds since 1970; watermark: durable offset
 * 32  8  only with flag 2: expires at, milliseconds since 1970
 *     8  only with flag 8 or 16: length of the value as it was written
 *     8  only with flag 8: number of the value file; only with flag 16: codec
 *     k  key
 *     a  attributes
 *    4b  a checksum for each 65,536 bytes of value: CRC-32C XOR mask
 *     v  value
 *        zeros up to a multiple of 8
 * </pre>
 */
public final class Frame {

  /** A record that stores a value. */
  public static final int TYPE_PUT = 1;

  /** A record that deletes a key. */
  public static final int TYPE_TOMBSTONE = 2;

  /** Tells how much of the segment is durable. */
  public static final int TYPE_WATERMARK = 3;

  /** Flag of a record: the next record belongs to the same batch. */
  public static final int FLAG_CONTINUES = 1;

  /** Flag of a put: it expires. */
  public static final int FLAG_EXPIRES = 2;

  /** Flag of a watermark: no frame follows in this segment. */
  public static final int FLAG_SEAL = 4;

  /** Flag of a put: its value is in a file of its own. */
  public static final int FLAG_EXTERNAL = 8;

  /** Flag of a put: its value is compressed. */
  public static final int FLAG_COMPRESSED = 16;

  /** Frames begin at multiples of so many bytes. */
  public static final int ALIGNMENT = 8;

  /** The length of the part that every frame has, in bytes. */
  public static final int FIXED_LENGTH = 32;

  /** The length of a watermark, in bytes. */
  public static final int WATERMARK_LENGTH = FIXED_LENGTH;

  /** So many bytes of value share a checksum. */
  public static final int BLOCK_LENGTH = 64 << 10;

  /** The length of a checksum, in bytes. */
  public static final int CHECKSUM_LENGTH = 4;

  /** The length of what a head tells of a value that does not stand in the frame as it is. */
  static final int STORAGE_LENGTH = 2 * Long.BYTES;

  /** The greatest length that the attributes of a record may have, encoded. */
  static final int MAX_ATTRIBUTES_LENGTH = AttributesCodec.MAX_LENGTH;

  /** The greatest length of all that comes before the checksums of the value, in bytes. */
  public static final int MAX_HEAD_LENGTH =
      FIXED_LENGTH + Long.BYTES + STORAGE_LENGTH + Key.MAX_LENGTH + MAX_ATTRIBUTES_LENGTH;

  static final int CHECKSUM_AT = 0;
  static final int TYPE_AT = 4;
  static final int FLAGS_AT = 5;
  static final int KEY_LENGTH_AT = 6;
  static final int STORED_LENGTH_AT = 8;
  static final int ATTRIBUTES_LENGTH_AT = 12;
  static final int ZERO_AT = 14;
  static final int SEQUENCE_AT = 16;
  static final int TIME_AT = 24;
  static final int EXPIRES_AT = 32;

  private Frame() {}

  /** Whether the byte of the type is that of a frame: a quick look where frames are searched. */
  public static boolean mayBegin(byte[] bytes, int at) {
    int type = bytes[at + TYPE_AT];
    return type >= TYPE_PUT && type <= TYPE_WATERMARK;
  }

  /** How many checksums a value of that length has. */
  public static int blocks(int storedLength) {
    return (int) (((long) storedLength + BLOCK_LENGTH - 1) / BLOCK_LENGTH);
  }

  /** The smallest multiple of {@link #ALIGNMENT} that is not below {@code length}. */
  public static long align(long length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Where the key of a record with these flags begins, from the start of the frame. */
  static int keyAt(int flags) {
    return FIXED_LENGTH + ((flags & FLAG_EXPIRES) != 0 ? Long.BYTES : 0) + storageLength(flags);
  }

  /** Where a put with these flags tells how its value is stored, from the start of the frame. */
  static int storageAt(int flags) {
    return keyAt(flags) - storageLength(flags);
  }

  private static int storageLength(int flags) {
    return (flags & (FLAG_EXTERNAL | FLAG_COMPRESSED)) != 0 ? STORAGE_LENGTH : 0;
  }

  /** The length of a whole put, in bytes. */
  static long putLength(int flags, int keyLength, int attributesLength, int storedLength) {
    long head = (long) keyAt(flags) + keyLength + attributesLength;
    return align(head + (long) CHECKSUM_LENGTH * blocks(storedLength) + storedLength);
  }

  /** Whether an entry with that expiry is gone at a moment, both in milliseconds since 1970. */
  public static boolean isExpired(long expiresAtMillis, long nowMillis) {
    return expiresAtMillis != EntryInfo.NEVER_MILLIS && expiresAtMillis <= nowMillis;
  }
}
