package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * What the headers of segments, key files, value files and index snapshots have in common, so that
 * a newer or a foreign file can be told from a damaged one.
 *
 * <pre>
 *  0  8  magic
 *  8  2  format version
 * 12  4  length of the header
 * 16 16  store id
 *     4  CRC-32C of the bytes before; the last ones of the header
 * </pre>
 *
 * @param magic the first eight characters
 * @param kind what the file is, in words
 * @param version the only format version there is
 */
record FileHeader(String magic, String kind, int version) {

  private static final int VERSION_AT = 8;
  private static final int LENGTH_AT = 12;
  private static final int STORE_AT = 16;

  /** The bytes of a header, to be filled and then {@link #seal sealed}. */
  byte[] begin(int length, StoreId store) {
    byte[] bytes = Arrays.copyOf(magic.getBytes(US_ASCII), length);
    LittleEndian.putShort(bytes, VERSION_AT, version);
    LittleEndian.putInt(bytes, LENGTH_AT, length);
    LittleEndian.putLong(bytes, STORE_AT, store.high());
    LittleEndian.putLong(bytes, STORE_AT + Long.BYTES, store.low());
    return bytes;
  }

  /** Adds the checksum; returns the same bytes. */
  static byte[] seal(byte[] bytes) {
    int at = bytes.length - Frame.CHECKSUM_LENGTH;
    LittleEndian.putInt(bytes, at, Checksum.of(bytes, 0, at));
    return bytes;
  }

  /** Checks that a file begins as one of this kind. */
  void checkMagic(byte[] bytes) throws FormatException {
    byte[] expected = magic.getBytes(US_ASCII);
    if (!Arrays.equals(
        bytes, 0, Math.min(bytes.length, expected.length), expected, 0, expected.length)) {
      throw new FormatException(
          FormatException.Kind.FOREIGN, "does not begin as " + kind + " does");
    }
  }

  /**
   * Checks the header in the first bytes of a file.
   *
   * @param length its length, which the bytes may exceed
   */
  void check(byte[] bytes, int length) throws FormatException {
    if (bytes.length < length) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "ends within its header, after " + bytes.length + " bytes");
    }
    checkMagic(bytes);
    int checksumAt = length - Frame.CHECKSUM_LENGTH;
    if (LittleEndian.getInt(bytes, checksumAt) != Checksum.of(bytes, 0, checksumAt)) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a header whose checksum does not fit");
    }
    int found = LittleEndian.getUnsignedShort(bytes, VERSION_AT);
    if (found != version) {
      throw new FormatException(
          FormatException.Kind.NEWER,
          "has format version " + found + ", but this program knows only version " + version);
    }
  }

  /** The length that a header tells of itself, not checked. */
  static int length(byte[] bytes) {
    return LittleEndian.getInt(bytes, LENGTH_AT);
  }

  /** The store id of a header that was checked. */
  static StoreId store(byte[] bytes) {
    return new StoreId(
        LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + Long.BYTES));
  }
}
