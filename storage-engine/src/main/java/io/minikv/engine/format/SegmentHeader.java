package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

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

  private static final byte[] MAGIC = "MKVSEGMT".getBytes(US_ASCII);
  private static final int VERSION_AT = 8;
  private static final int KIND_AT = 10;
  private static final int LENGTH_AT = 12;
  private static final int STORE_AT = 16;
  private static final int NUMBER_AT = 32;
  private static final int CREATED_AT = 40;
  private static final int CHECKSUM_AT = 60;

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
    byte[] bytes = Arrays.copyOf(MAGIC, LENGTH);
    LittleEndian.putShort(bytes, VERSION_AT, VERSION);
    LittleEndian.putShort(bytes, KIND_AT, kind.code());
    LittleEndian.putInt(bytes, LENGTH_AT, LENGTH);
    LittleEndian.putLong(bytes, STORE_AT, store.high());
    LittleEndian.putLong(bytes, STORE_AT + 8, store.low());
    LittleEndian.putLong(bytes, NUMBER_AT, fileNumber);
    LittleEndian.putLong(bytes, CREATED_AT, createdAtMillis);
    LittleEndian.putInt(bytes, CHECKSUM_AT, Checksum.of(bytes, 0, CHECKSUM_AT));
    return bytes;
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @throws FormatException when they are no such header
   */
  public static SegmentHeader decode(byte[] bytes) throws FormatException {
    if (bytes.length < LENGTH) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "ends within its header, after " + bytes.length + " bytes");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(FormatException.Kind.FOREIGN, "does not begin as a segment does");
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
    SegmentHeader header =
        new SegmentHeader(
            Kind.ofCode(LittleEndian.getUnsignedShort(bytes, KIND_AT)),
            new StoreId(
                LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + 8)),
            LittleEndian.getLong(bytes, NUMBER_AT),
            LittleEndian.getLong(bytes, CREATED_AT));
    FormatException.requireKnown(header.encode(), bytes);
    return header;
  }
}
