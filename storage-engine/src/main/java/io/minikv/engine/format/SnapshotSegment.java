package io.minikv.engine.format;

import java.util.ArrayList;
import java.util.List;

/**
 * What an index snapshot says of one segment. See {@code docs/format/index-snapshot.md}.
 *
 * <pre>
 *  0  8  file number
 *  8  8  covered end
 * 16  8  live bytes
 * 24  8  bytes of live values
 * 32  8  lowest sequence number before the covered end, 0 for none
 * 40  8  highest sequence number before the covered end, 0 for none
 * </pre>
 *
 * @param fileNumber its number
 * @param coveredEnd all records before this offset are taken into account, none behind it
 * @param liveBytes how many bytes the records take that entries point to
 * @param liveValueBytes how many of them are of values
 * @param lowestSequence the lowest sequence number of the covered records; 0 when there is none
 * @param highestSequence the highest one; 0 when there is none
 */
public record SnapshotSegment(
    long fileNumber,
    long coveredEnd,
    long liveBytes,
    long liveValueBytes,
    long lowestSequence,
    long highestSequence) {

  private static final int SEGMENT_LENGTH = 48;
  private static final int END_LENGTH = 8;

  /** The length of a list of segments with its checksum, in bytes. */
  public static long listLength(int segments) {
    return (long) SEGMENT_LENGTH * segments + END_LENGTH;
  }

  /** A list of segments as bytes, to be placed at an offset. */
  public static byte[] encode(List<SnapshotSegment> segments, FileIdentity file, long offset) {
    byte[] bytes = new byte[Math.toIntExact(listLength(segments.size()))];
    int at = 0;
    for (SnapshotSegment segment : segments) {
      LittleEndian.putLong(bytes, at, segment.fileNumber);
      LittleEndian.putLong(bytes, at + 8, segment.coveredEnd);
      LittleEndian.putLong(bytes, at + 16, segment.liveBytes);
      LittleEndian.putLong(bytes, at + 24, segment.liveValueBytes);
      LittleEndian.putLong(bytes, at + 32, segment.lowestSequence);
      LittleEndian.putLong(bytes, at + 40, segment.highestSequence);
      at += SEGMENT_LENGTH;
    }
    LittleEndian.putInt(bytes, at, checksum(bytes, at, file, offset));
    return bytes;
  }

  private static int checksum(byte[] bytes, int length, FileIdentity file, long offset) {
    return Checksum.of(bytes, 0, length) ^ file.mask(offset + length);
  }

  /**
   * The segments in the bytes at an offset.
   *
   * @throws FormatException when they are no such list
   */
  public static List<SnapshotSegment> decode(byte[] bytes, FileIdentity file, long offset)
      throws FormatException {
    int end = bytes.length - END_LENGTH;
    if (LittleEndian.getLong(bytes, end)
        != Integer.toUnsignedLong(checksum(bytes, end, file, offset))) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a list of segments whose checksum does not fit");
    }
    List<SnapshotSegment> segments = new ArrayList<>(end / SEGMENT_LENGTH);
    for (int at = 0; at < end; at += SEGMENT_LENGTH) {
      segments.add(
          new SnapshotSegment(
              LittleEndian.getLong(bytes, at),
              LittleEndian.getLong(bytes, at + 8),
              LittleEndian.getLong(bytes, at + 16),
              LittleEndian.getLong(bytes, at + 24),
              LittleEndian.getLong(bytes, at + 32),
              LittleEndian.getLong(bytes, at + 40)));
    }
    return segments;
  }
}
