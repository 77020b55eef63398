package io.minikv.engine.format;

/**
 * The last {@value #LENGTH} bytes of a key file. See {@code docs/format/key-file.md}.
 *
 * <pre>
 *  0  8  end of the segment: where its last frame ends; 0 in a merged file
 *  8  8  number of entries
 * 16  8  how many of them are tombstones
 * 24  8  lowest sequence number, 0 when there is no entry
 * 32  8  highest sequence number, 0 when there is no entry
 * 40  8  where the leaf blocks end; they begin behind the header
 * 48  8  offset of the last leaf block, 0 when there is none
 * 56  8  offset of the root block, 0 when there is none
 * 64  4  height: 0 when the root is a leaf
 * 68  4  number of blocks of the filter
 * 72  4  number of bits that a key sets in the filter
 * 76  4  number of segments in the list of a merged file, else 0
 * 80  8  offset of the filter, or of the list of segments
 * 88  4  zero
 * 92  4  CRC-32C of the bytes before, XOR mask
 * </pre>
 *
 * @param segmentEnd where the last frame of the segment ends, in bytes; 0 in a merged file
 * @param entries how many entries there are
 * @param tombstones how many of them are tombstones
 * @param lowestSequence the lowest sequence number, 0 when there is no entry
 * @param highestSequence the highest sequence number, 0 when there is no entry
 * @param leavesEnd where the leaf blocks end
 * @param lastLeaf where the last leaf block begins, 0 when there is none
 * @param root where the root block begins, 0 when there is none
 * @param height how many levels of blocks lie above the leaves
 * @param filterBlocks how many blocks the filter has
 * @param filterProbes how many bits a key sets in the filter
 * @param segments how many segments the list of a merged file has, else 0
 * @param filterAt where the filter begins, or the list of segments
 */
public record KeyFileFooter(
    long segmentEnd,
    long entries,
    long tombstones,
    long lowestSequence,
    long highestSequence,
    long leavesEnd,
    long lastLeaf,
    long root,
    int height,
    int filterBlocks,
    int filterProbes,
    int segments,
    long filterAt) {

  /** The length of the footer, in bytes. */
  public static final int LENGTH = 96;

  private static final int ENTRIES_AT = 8;
  private static final int TOMBSTONES_AT = 16;
  private static final int LOWEST_AT = 24;
  private static final int HIGHEST_AT = 32;
  private static final int LEAVES_END_AT = 40;
  private static final int LAST_LEAF_AT = 48;
  private static final int ROOT_AT = 56;
  private static final int HEIGHT_AT = 64;
  private static final int FILTER_BLOCKS_AT = 68;
  private static final int FILTER_PROBES_AT = 72;
  private static final int SEGMENTS_AT = 76;
  private static final int FILTER_AT = 80;
  private static final int CHECKSUM_AT = 92;

  /** The footer as bytes, for its place in a file. */
  public byte[] encode(FileIdentity file, long offset) {
    byte[] bytes = new byte[LENGTH];
    LittleEndian.putLong(bytes, 0, segmentEnd);
    LittleEndian.putLong(bytes, ENTRIES_AT, entries);
    LittleEndian.putLong(bytes, TOMBSTONES_AT, tombstones);
    LittleEndian.putLong(bytes, LOWEST_AT, lowestSequence);
    LittleEndian.putLong(bytes, HIGHEST_AT, highestSequence);
    LittleEndian.putLong(bytes, LEAVES_END_AT, leavesEnd);
    LittleEndian.putLong(bytes, LAST_LEAF_AT, lastLeaf);
    LittleEndian.putLong(bytes, ROOT_AT, root);
    LittleEndian.putInt(bytes, HEIGHT_AT, height);
    LittleEndian.putInt(bytes, FILTER_BLOCKS_AT, filterBlocks);
    LittleEndian.putInt(bytes, FILTER_PROBES_AT, filterProbes);
    LittleEndian.putInt(bytes, SEGMENTS_AT, segments);
    LittleEndian.putLong(bytes, FILTER_AT, filterAt);
    LittleEndian.putInt(bytes, CHECKSUM_AT, Checksum.of(bytes, 0, CHECKSUM_AT) ^ file.mask(offset));
    return bytes;
  }

  /**
   * The footer at an offset of a file.
   *
   * @throws FormatException when its checksum does not fit
   */
  public static KeyFileFooter decode(byte[] bytes, FileIdentity file, long offset)
      throws FormatException {
    if (LittleEndian.getInt(bytes, CHECKSUM_AT)
        != (Checksum.of(bytes, 0, CHECKSUM_AT) ^ file.mask(offset))) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a footer whose checksum does not fit");
    }
    return new KeyFileFooter(
        LittleEndian.getLong(bytes, 0),
        LittleEndian.getLong(bytes, ENTRIES_AT),
        LittleEndian.getLong(bytes, TOMBSTONES_AT),
        LittleEndian.getLong(bytes, LOWEST_AT),
        LittleEndian.getLong(bytes, HIGHEST_AT),
        LittleEndian.getLong(bytes, LEAVES_END_AT),
        LittleEndian.getLong(bytes, LAST_LEAF_AT),
        LittleEndian.getLong(bytes, ROOT_AT),
        LittleEndian.getInt(bytes, HEIGHT_AT),
        LittleEndian.getInt(bytes, FILTER_BLOCKS_AT),
        LittleEndian.getInt(bytes, FILTER_PROBES_AT),
        LittleEndian.getInt(bytes, SEGMENTS_AT),
        LittleEndian.getLong(bytes, FILTER_AT));
  }
}
