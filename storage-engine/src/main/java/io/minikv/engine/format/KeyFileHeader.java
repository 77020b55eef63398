package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The first {@value #LENGTH} bytes of a key file. See {@code docs/format/key-file.md}.
 *
 * <pre>
 *  0  8  magic "MKVKEYSF"
 *  8  2  format version
 * 10  2  zero
 * 12  4  length of this header
 * 16 16  store id
 * 32  8  file number, that of the segment
 * 40 20  zero
 * 60  4  CRC-32C of the bytes before
 * </pre>
 *
 * @param store the store that it belongs to
 * @param fileNumber the number of its segment, as in its name
 */
public record KeyFileHeader(StoreId store, long fileNumber) {

  /** The length of the header, in bytes. */
  public static final int LENGTH = 64;

  /** The only format version there is. */
  public static final int VERSION = 1;

  private static final byte[] MAGIC = "MKVKEYSF".getBytes(US_ASCII);
  private static final int VERSION_AT = 8;
  private static final int LENGTH_AT = 12;
  private static final int STORE_AT = 16;
  private static final int NUMBER_AT = 32;
  private static final int CHECKSUM_AT = 60;

  /**
   * What checksums in the key file of a segment are bound to: the identity of a file with the same
   * number, in a store whose id begins with the inverted bits, so that bytes of the segment never
   * fit.
   */
  public static FileIdentity identity(FileIdentity segment) {
    StoreId store = segment.store();
    return new FileIdentity(new StoreId(~store.high(), store.low()), segment.fileNumber());
  }

  /** The header as bytes. */
  public byte[] encode() {
    byte[] bytes = Arrays.copyOf(MAGIC, LENGTH);
    LittleEndian.putShort(bytes, VERSION_AT, VERSION);
    LittleEndian.putInt(bytes, LENGTH_AT, LENGTH);
    LittleEndian.putLong(bytes, STORE_AT, store.high());
    LittleEndian.putLong(bytes, STORE_AT + 8, store.low());
    LittleEndian.putLong(bytes, NUMBER_AT, fileNumber);
    LittleEndian.putInt(bytes, CHECKSUM_AT, Checksum.of(bytes, 0, CHECKSUM_AT));
    return bytes;
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @throws FormatException when they are no such header
   */
  public static KeyFileHeader decode(byte[] bytes) throws FormatException {
    if (bytes.length < LENGTH) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "ends within its header, after " + bytes.length + " bytes");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(FormatException.Kind.FOREIGN, "does not begin as a key file does");
    }
    if (LittleEndian.getInt(bytes, CHECKSUM_AT) != Checksum.of(bytes, 0, CHECKSUM_AT)) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a header whose checksum does not fit");
    }
    int version = LittleEndian.getUnsignedShort(bytes, VERSION_AT);
    if (version != VERSION) {
      throw new FormatException(
          FormatException.Kind.NEWER,
          "has format version " + version + ", but this program knows only version " + VERSION);
    }
    KeyFileHeader header =
        new KeyFileHeader(
            new StoreId(
                LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + 8)),
            LittleEndian.getLong(bytes, NUMBER_AT));
    FormatException.requireKnown(header.encode(), bytes);
    return header;
  }
}
