package io.minikv.domain.maintenance;

import io.minikv.domain.Durability;
import java.util.List;
import java.util.Optional;

/**
 * Figures of a store as of one moment.
 *
 * @param keys how many keys are stored; expired ones count until their space comes back
 * @param liveValueBytes the sum of the lengths of their values
 * @param diskBytes the size of all segments on disk, of the files of long values, and of what is
 *     derived from them: key files and the index snapshot; space that is allocated but not used yet
 *     included, files that are just being written not
 * @param segments figures of each segment, the oldest file number first; none when the store has no
 *     segments
 * @param lastSequence the greatest sequence number that is visible; 0 when nothing was ever written
 * @param durability the store's setting
 * @param commits figures of the writes
 * @param filters figures of the filters of segments
 * @param recovery what the opening found
 * @param lastCompaction the last one since the opening, if there was one
 */
public record StoreStatistics(
    long keys,
    long liveValueBytes,
    long diskBytes,
    List<SegmentStatistics> segments,
    long lastSequence,
    Durability durability,
    CommitStatistics commits,
    FilterStatistics filters,
    RecoveryReport recovery,
    Optional<CompactionReport> lastCompaction) {

  /** Keeps a copy of the list. */
  public StoreStatistics {
    segments = List.copyOf(segments);
  }

  /** How many bytes of segments hold live records. */
  public long liveBytes() {
    return segments.stream().mapToLong(SegmentStatistics::liveBytes).sum();
  }

  /** How many bytes of segments hold nothing that is live. */
  public long deadBytes() {
    return segments.stream().mapToLong(SegmentStatistics::deadBytes).sum();
  }
}
