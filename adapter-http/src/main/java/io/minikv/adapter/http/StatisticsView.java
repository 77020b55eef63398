package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures of a store as JSON. */
record StatisticsView(
    long keys,
    long liveValueBytes,
    long diskBytes,
    long liveBytes,
    long deadBytes,
    long lastSequence,
    String durability,
    Commits commits,
    Filters filters,
    List<Segment> segments,
    Recovery recovery,
    @Nullable CompactionView lastCompaction) {

  static StatisticsView of(StoreStatistics statistics) {
    return new StatisticsView(
        statistics.keys(),
        statistics.liveValueBytes(),
        statistics.diskBytes(),
        statistics.liveBytes(),
        statistics.deadBytes(),
        statistics.lastSequence(),
        lowerCase(statistics.durability()),
        Commits.of(statistics.commits()),
        Filters.of(statistics.filters()),
        statistics.segments().stream().map(Segment::of).toList(),
        Recovery.of(statistics.recovery()),
        statistics.lastCompaction().map(CompactionView::of).orElse(null));
  }

  record Commits(long writes, long records, long forces, long forcedWrites, double writesPerForce) {

    static Commits of(CommitStatistics commits) {
      return new Commits(
          commits.writes(),
          commits.records(),
          commits.forces(),
          commits.forcedWrites(),
          commits.writesPerForce());
    }
  }

  record Filters(long checks, long hits) {

    static Filters of(FilterStatistics filters) {
      return new Filters(filters.checks(), filters.hits());
    }
  }

  record Segment(long id, boolean active, long sizeBytes, long liveBytes, long deadBytes) {

    static Segment of(SegmentStatistics segment) {
      return new Segment(
          segment.number(),
          segment.active(),
          segment.sizeBytes(),
          segment.liveBytes(),
          segment.deadBytes());
    }
  }

  record Recovery(
      String openedAt,
      long durationMs,
      String outcome,
      long records,
      long keys,
      List<String> findings) {

    static Recovery of(RecoveryReport recovery) {
      return new Recovery(
          recovery.openedAt().toString(),
          recovery.took().toMillis(),
          lowerCase(recovery.outcome()),
          recovery.records(),
          recovery.keys(),
          recovery.findings());
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
