package io.minikv.engine.format;

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

  private static final FileHeader COMMON = new FileHeader("MKVINDEX", "an index snapshot", VERSION);
  private static final int NONCE_AT = 32;
  private static final int SEQUENCE_AT = 40;
  private static final int TAKEN_AT = 48;
  private static final int KEYS_AT = 56;
  private static final int SEGMENTS_AT = 64;

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
    byte[] bytes = COMMON.begin(LENGTH, store);
    LittleEndian.putLong(bytes, NONCE_AT, nonce);
    LittleEndian.putLong(bytes, SEQUENCE_AT, sequence);
    LittleEndian.putLong(bytes, TAKEN_AT, takenAtMillis);
    LittleEndian.putLong(bytes, KEYS_AT, keys);
    LittleEndian.putInt(bytes, SEGMENTS_AT, segments);
    return FileHeader.seal(bytes);
  }

  /**
   * The header in the first {@link #LENGTH} bytes of a file.
   *
   * @param fileLength the length of the file, which the header must fit
   * @throws FormatException when they are no such header
   */
  public static SnapshotHeader decode(byte[] bytes, long fileLength) throws FormatException {
    COMMON.check(bytes, LENGTH);
    SnapshotHeader header =
        new SnapshotHeader(
            FileHeader.store(bytes),
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
