package io.minikv.domain.maintenance;

/**
 * Figures of one segment.
 *
 * @param number its file number
 * @param active whether it is the one that is written to
 * @param sizeBytes how many bytes were written to it, and to the files of long values that its
 *     records name; space that is allocated ahead does not count
 * @param liveBytes how many of them hold records that are live
 */
public record SegmentStatistics(long number, boolean active, long sizeBytes, long liveBytes) {

  /** How many bytes hold nothing that is live. */
  public long deadBytes() {
    return sizeBytes - liveBytes;
  }
}
