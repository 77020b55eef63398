package io.minikv.engine.format;

import io.minikv.domain.Key;

/**
 * The first bytes of a value file. See {@code docs/format/value-file.md}.
 *
 * <pre>
 *    0  8  magic "MKVVALUE"
 *    8  2  format version
 *   10  2  length of the key, k
 *   12  4  length of this header, 52 + k
 *   16 16  store id
 *   32  8  file number
 *   40  8  created at, milliseconds since 1970
 *   48  k  key
 * 48+k  4  CRC-32C of the bytes before
 * </pre>
 *
 * @param store the store that the file belongs to
 * @param fileNumber its number, as in its name
 * @param createdAtMillis when it was created, in milliseconds since 1970
 * @param key whose value is in it
 */
public record ValueFileHeader(StoreId store, long fileNumber, long createdAtMillis, Key key) {

  /** The only format version there is. */
  public static final int VERSION = 1;

  private static final FileHeader COMMON = new FileHeader("MKVVALUE", "a value file", VERSION);
  private static final int KEY_LENGTH_AT = 10;
  private static final int NUMBER_AT = 32;
  private static final int CREATED_AT = 40;
  private static final int KEY_AT = 48;

  /** The greatest length of a header, in bytes. */
  public static final int MAX_LENGTH = KEY_AT + Key.MAX_LENGTH + Frame.CHECKSUM_LENGTH;

  /** The length of the header for a key of that length, in bytes: where the value begins. */
  public static int length(int keyLength) {
    return KEY_AT + keyLength + Frame.CHECKSUM_LENGTH;
  }

  /** The header as bytes. */
  public byte[] encode() {
    byte[] bytes = COMMON.begin(length(key.length()), store);
    LittleEndian.putShort(bytes, KEY_LENGTH_AT, key.length());
    LittleEndian.putLong(bytes, NUMBER_AT, fileNumber);
    LittleEndian.putLong(bytes, CREATED_AT, createdAtMillis);
    key.copyTo(bytes, KEY_AT);
    return FileHeader.seal(bytes);
  }

  /**
   * The header in the first bytes of a file: up to {@link #MAX_LENGTH} of them, or all there are.
   *
   * @throws FormatException when they are no such header, or not whole
   */
  public static ValueFileHeader decode(byte[] bytes) throws FormatException {
    if (bytes.length <= KEY_AT) {
      throw damaged("ends within its header, after " + bytes.length + " bytes");
    }
    if (LittleEndian.getLong(bytes, 0) == 0) {
      throw damaged("has no header");
    }
    COMMON.checkMagic(bytes);
    int length = FileHeader.length(bytes);
    if (length <= KEY_AT || length > Math.min(bytes.length, MAX_LENGTH)) {
      throw damaged("ends within its header, or the length of that is damaged");
    }
    COMMON.check(bytes, length);
    int keyLength = LittleEndian.getUnsignedShort(bytes, KEY_LENGTH_AT);
    if (keyLength == 0 || length(keyLength) != length) {
      throw damaged("has a header whose lengths do not fit");
    }
    return new ValueFileHeader(
        FileHeader.store(bytes),
        LittleEndian.getLong(bytes, NUMBER_AT),
        LittleEndian.getLong(bytes, CREATED_AT),
        Key.copyOf(bytes, KEY_AT, keyLength));
  }

  private static FormatException damaged(String problem) {
    return new FormatException(FormatException.Kind.DAMAGED, problem);
  }
}
