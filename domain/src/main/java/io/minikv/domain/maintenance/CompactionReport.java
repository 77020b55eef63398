package io.minikv.domain.maintenance;

import java.time.Duration;
import java.time.Instant;

/**
 * What a compaction did.
 *
 * @param startedAt when it began
 * @param took how long it took
 * @param segmentsBefore how many segments it read
 * @param segmentsAfter how many it wrote in their place
 * @param bytesBefore the size of those that it read
 * @param bytesAfter the size of those that it wrote
 * @param movedRecords how many live records it copied
 * @param droppedRecords how many overwritten, deleted and expired records and tombstones it left
 *     out
 */
public record CompactionReport(
    Instant startedAt,
    Duration took,
    int segmentsBefore,
    int segmentsAfter,
    long bytesBefore,
    long bytesAfter,
    long movedRecords,
    long droppedRecords) {

  /** How many bytes came back; never below 0. */
  public long reclaimedBytes() {
    return Math.max(0, bytesBefore - bytesAfter);
  }
}
