package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The first {@value #LENGTH} bytes of an index snapshot. See {@code docs/format/index-snapshot.md}.
 *
 * <pre>
 *  0  8  magic "MKVINDEX"
 *  8  2  format version
 * 10  2  zero
 * 12  4  length of this header
 * 16 16  store id
 * 32  8  nonce
 * 40  8  sequence number
 * 48  8  taken at, milliseconds since 1970
 * 56  8  number of keys
 * 64  4  number of segments
 * 68 56  zero
 * 124 4  CRC-32C of the bytes before
 * </pre>
 *
 * @param store the store that it belongs to
 * @param nonce a random number that checksums in the file are bound to
 * @param sequence the index is that after all writes up to this sequence number
 * @param takenAtMillis when it was taken, in milliseconds since 1970
 * @param keys how many entries there are
 * @param segments how many segments they point into, or were covered at least
 */
public record SnapshotHeader(
    StoreId store, long nonce, long sequence, long takenAtMillis, long keys, int segments) {

  /** The length of the header, in bytes. */
  public static final int LENGTH = 128;

  /** The only format version there is. */
  public static final int VERSION = 1;

  private static final byte[] MAGIC = "MKVINDEX".getBytes(US_ASCII);
  private static final int VERSION_AT = 8;
  private static final int LENGTH_AT = 12;
  private static final int STORE_AT = 16;
  private static final int NONCE_AT = 32;
  private static final int SEQUENCE_AT = 40;
  private static final int TAKEN_AT = 48;
  private static final int KEYS_AT = 56;
  private static final int SEGMENTS_AT = 64;
  private static final int CHECKSUM_AT = 124;

  /** What checksums behind the header are bound to. */
  public FileIdentity identity() {
    return new FileIdentity(new StoreId(~store.high(), store.low()), nonce);
  }

  /** Where the blocks of entries begin. */
  public long blocksAt() {
    return LENGTH + SnapshotSegment.listLength(segments);
  }

  /** The length of the whole file, in bytes. */
  public long fileLength() {
    return blocksAt() + SnapshotBlock.totalLength(keys);
  }

  /** The header as bytes. */
  public byte[] encode() {
    byte[] bytes = Arrays.copyOf(MAGIC, LENGTH);
    LittleEndian.putShort(bytes, VERSION_AT, VERSION);
    LittleEndian.putInt(bytes, LENGTH_AT, LENGTH);
    LittleEndian.putLong(bytes, STORE_AT, store.high());
    LittleEndian.putLong(bytes, STORE_AT + 8, store.low());
    LittleEndian.putLong(bytes, NONCE_AT, nonce);
    LittleEndian.putLong(bytes, SEQUENCE_AT, sequence);
    LittleEndian.putLong(bytes, TAKEN_AT, takenAtMillis);
    LittleEndian.putLong(bytes, KEYS_AT, keys);
    LittleEndian.putInt(bytes, SEGMENTS_AT, segments);
    LittleEndian.putInt(bytes, CHECKSUM_AT, Checksum.of(bytes, 0, CHECKSUM_AT));
    return bytes;
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @param fileLength the length of the file, which the header must fit
   * @throws FormatException when they are no such header
   */
  public static SnapshotHeader decode(byte[] bytes, long fileLength) throws FormatException {
    if (bytes.length < LENGTH) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "ends within its header, after " + bytes.length + " bytes");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(
          FormatException.Kind.FOREIGN, "does not begin as an index snapshot does");
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
    SnapshotHeader header =
        new SnapshotHeader(
            new StoreId(
                LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + 8)),
            LittleEndian.getLong(bytes, NONCE_AT),
            LittleEndian.getLong(bytes, SEQUENCE_AT),
            LittleEndian.getLong(bytes, TAKEN_AT),
            LittleEndian.getLong(bytes, KEYS_AT),
            LittleEndian.getInt(bytes, SEGMENTS_AT));
    if (header.keys < 0
        || header.keys > fileLength
        || header.segments < 0
        || header.fileLength() != fileLength) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a length that does not fit its header");
    }
    FormatException.requireKnown(header.encode(), bytes);
    return header;
  }
}
