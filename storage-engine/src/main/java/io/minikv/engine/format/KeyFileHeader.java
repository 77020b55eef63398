package io.minikv.engine.format;

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

  private static final FileHeader COMMON = new FileHeader("MKVKEYSF", "a key file", VERSION);
  private static final int NUMBER_AT = 32;

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
    byte[] bytes = COMMON.begin(LENGTH, store);
    LittleEndian.putLong(bytes, NUMBER_AT, fileNumber);
    return FileHeader.seal(bytes);
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @throws FormatException when they are no such header
   */
  public static KeyFileHeader decode(byte[] bytes) throws FormatException {
    COMMON.check(bytes, LENGTH);
    KeyFileHeader header =
        new KeyFileHeader(FileHeader.store(bytes), LittleEndian.getLong(bytes, NUMBER_AT));
    FormatException.requireKnown(header.encode(), bytes);
    return header;
  }
}
