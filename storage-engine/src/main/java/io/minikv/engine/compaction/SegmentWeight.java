package io.minikv.engine.compaction;

/**
 * What taking a segment costs and gives.
 *
 * @param fileNumber its number
 * @param keptBytes about how much of it has to be copied: live records, and tombstones that are
 *     still needed
 * @param deadBytes about how much would come back: all else but its header. Bytes outside of the
 *     segment that go with its dead records count here, too
 * @param keyBytes about how much the key file of what is copied takes; 0 when that is not known
 * @param lowestSequence the lowest sequence number of its records; 0 when it has none
 * @param inKeyOrder whether its records lie in the order of their keys, not of their writes
 */
record SegmentWeight(
    long fileNumber,
    long keptBytes,
    long deadBytes,
    long keyBytes,
    long lowestSequence,
    boolean inKeyOrder) {

  long bytes() {
    return keptBytes + deadBytes;
  }

  /** About how much of the disk its copy takes, before anything comes back. */
  long spaceBytes() {
    return keptBytes + keyBytes;
  }

  /** Whether such a part of it is dead; one without records always is. */
  boolean isDead(double ratio) {
    return deadBytes >= ratio * bytes();
  }

  boolean hasSomethingToGive() {
    return deadBytes > 0 || keptBytes == 0;
  }
}
