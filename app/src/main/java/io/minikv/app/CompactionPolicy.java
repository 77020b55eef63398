package io.minikv.app;

import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import java.time.Duration;
import java.util.List;

/**
 * When the server compacts by itself.
 *
 * @param interval how often it looks whether that is worth it; zero for never
 * @param threshold how many sealed segments there have to be
 */
record CompactionPolicy(Duration interval, int threshold) {

  /** Copying live records to win less than this share of the space costs more than it gives. */
  private static final double MIN_DEAD_SHARE = 0.2;

  boolean isOn() {
    return !interval.isZero();
  }

  /** Whether a store in this state is worth a compaction. */
  boolean isDue(StoreStatistics statistics) {
    List<SegmentStatistics> sealed =
        statistics.segments().stream().filter(segment -> !segment.active()).toList();
    long size = sealed.stream().mapToLong(SegmentStatistics::sizeBytes).sum();
    long dead = sealed.stream().mapToLong(SegmentStatistics::deadBytes).sum();
    return sealed.size() >= threshold && dead > 0 && dead >= MIN_DEAD_SHARE * size;
  }
}
