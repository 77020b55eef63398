package io.minikv.engine.format;

/**
 * The first {@value #LENGTH} bytes of a segment. See {@code docs/format/segment.md}.
 *
 * <pre>
 *  0  8  magic "MKVSEGMT"
 *  8  2  format version
 * 10  2  kind
 * 12  4  length of this header
 * 16 16  store id
 * 32  8  file number
 * 40  8  created at, milliseconds since 1970
 * 48 12  zero
 * 60  4  CRC-32C of the bytes before
 * </pre>
 *
 * @param kind what wrote the segment
 * @param store the store that it belongs to
 * @param fileNumber its number, as in its name
 * @param createdAtMillis when it was created, in milliseconds since 1970
 */
public record SegmentHeader(Kind kind, StoreId store, long fileNumber, long createdAtMillis) {

  /** The length of the header, in bytes. */
  public static final int LENGTH = 64;

  /** The only format version there is. */
  public static final int VERSION = 1;

  private static final FileHeader COMMON = new FileHeader("MKVSEGMT", "a segment", VERSION);
  private static final int KIND_AT = 10;
  private static final int NUMBER_AT = 32;
  private static final int CREATED_AT = 40;

  /** What wrote a segment. */
  public enum Kind {
    /** Writers, through the log. */
    LOG(1),
    /** A compaction. One that no MANIFEST names can be removed. */
    COMPACTED(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number that stands for it in files. */
    public int code() {
      return code;
    }

    /** What a number in a file stands for. */
    public static Kind ofCode(int code) throws FormatException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has the unknown segment kind " + code);
    }
  }

  /** The header as bytes. */
  public byte[] encode() {
    byte[] bytes = COMMON.begin(LENGTH, store);
    LittleEndian.putShort(bytes, KIND_AT, kind.code());
    LittleEndian.putLong(bytes, NUMBER_AT, fileNumber);
    LittleEndian.putLong(bytes, CREATED_AT, createdAtMillis);
    return FileHeader.seal(bytes);
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @throws FormatException when they are no such header
   */
  public static SegmentHeader decode(byte[] bytes) throws FormatException {
    COMMON.check(bytes, LENGTH);
    SegmentHeader header =
        new SegmentHeader(
            Kind.ofCode(LittleEndian.getUnsignedShort(bytes, KIND_AT)),
            FileHeader.store(bytes),
            LittleEndian.getLong(bytes, NUMBER_AT),
            LittleEndian.getLong(bytes, CREATED_AT));
    FormatException.requireKnown(header.encode(), bytes);
    return header;
  }
}
