package io.minikv.engine.format;

import java.util.ArrayList;
import java.util.List;

/**
 * A segment that a merged key file covers. See {@code docs/format/key-file.md}.
 *
 * <pre>
 *  0  8  file number
 *  8  8  end of the segment
 * 16  8  number of entries of the file that are of this segment
 * </pre>
 *
 * @param fileNumber the number of the segment
 * @param end where its last frame ends, in bytes
 * @param entries how many entries of the file are of this segment
 */
public record MergedSegment(long fileNumber, long end, long entries) {

  private static final int LENGTH = 24;
  private static final int END_AT = 8;
  private static final int ENTRIES_AT = 16;
  private static final int CHECKSUM_LENGTH = 4;

  /** The length of a list, in bytes. */
  public static long listLength(int segments) {
    return (long) segments * LENGTH + CHECKSUM_LENGTH;
  }

  /** A list as bytes, for its place in a file. */
  public static byte[] encode(List<MergedSegment> segments, FileIdentity file, long offset) {
    byte[] bytes = new byte[Math.toIntExact(listLength(segments.size()))];
    int at = 0;
    for (MergedSegment segment : segments) {
      LittleEndian.putLong(bytes, at, segment.fileNumber);
      LittleEndian.putLong(bytes, at + END_AT, segment.end);
      LittleEndian.putLong(bytes, at + ENTRIES_AT, segment.entries);
      at += LENGTH;
    }
    LittleEndian.putInt(bytes, at, Checksum.of(bytes, 0, at) ^ file.mask(offset));
    return bytes;
  }

  /**
   * The list at an offset of a file.
   *
   * @throws FormatException when its checksum does not fit
   */
  public static List<MergedSegment> decode(byte[] bytes, FileIdentity file, long offset)
      throws FormatException {
    int checksumAt = bytes.length - CHECKSUM_LENGTH;
    if (LittleEndian.getInt(bytes, checksumAt)
        != (Checksum.of(bytes, 0, checksumAt) ^ file.mask(offset))) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a list of segments whose checksum does not fit");
    }
    List<MergedSegment> segments = new ArrayList<>();
    for (int at = 0; at < checksumAt; at += LENGTH) {
      segments.add(
          new MergedSegment(
              LittleEndian.getLong(bytes, at),
              LittleEndian.getLong(bytes, at + END_AT),
              LittleEndian.getLong(bytes, at + ENTRIES_AT)));
    }
    return segments;
  }
}
