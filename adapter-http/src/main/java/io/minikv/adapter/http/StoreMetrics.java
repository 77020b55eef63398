package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.time.Instant;

/**
 * The metrics of the store. They are asked for when they are scraped, all at once, so that they fit
 * together and cost nothing in between.
 */
final class StoreMetrics implements MultiCollector {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final StoreMaintenance maintenance;

  StoreMetrics(StoreMaintenance maintenance) {
    this.maintenance = maintenance;
  }

  @Override
  public MetricSnapshots collect() {
    StoreStatistics statistics = maintenance.statistics();
    MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    addContents(metrics, statistics);
    addCommits(metrics, statistics.commits());
    addFilters(metrics, statistics.filters());
    statistics.lastCompaction().ifPresent(report -> addCompaction(metrics, report));
    return metrics
        .metricSnapshot(
            seconds(
                "minikv_recovery_duration_seconds",
                "Time that the opening of the store took.",
                inSeconds(statistics.recovery().took())))
        .metricSnapshot(
            gauge(
                "minikv_writable",
                "Whether the store takes writes: 1 or 0.",
                maintenance.health().writable() ? 1 : 0))
        .build();
  }

  private static void addContents(MetricSnapshots.Builder metrics, StoreStatistics statistics) {
    metrics
        .metricSnapshot(
            gauge(
                "minikv_keys",
                "Keys in the store; expired ones count until their space comes back.",
                statistics.keys()))
        .metricSnapshot(gauge("minikv_segments", "Segments on disk.", statistics.segments().size()))
        .metricSnapshot(
            bytes(
                "minikv_disk_bytes",
                "Size of all files of the store, allocated space included.",
                statistics.diskBytes()))
        .metricSnapshot(
            bytes(
                "minikv_live_bytes",
                "Bytes of segments that hold live records.",
                statistics.liveBytes()))
        .metricSnapshot(
            bytes(
                "minikv_dead_bytes",
                "Bytes of segments that hold nothing live.",
                statistics.deadBytes()))
        .metricSnapshot(
            gauge(
                "minikv_last_sequence",
                "Greatest visible sequence number; 0 when nothing was ever written.",
                statistics.lastSequence()));
  }

  private static void addCommits(MetricSnapshots.Builder metrics, CommitStatistics commits) {
    metrics
        .metricSnapshot(
            counter("minikv_writes", "Writes acknowledged; a batch counts once.", commits.writes()))
        .metricSnapshot(counter("minikv_records", "Records written by them.", commits.records()))
        .metricSnapshot(
            counter("minikv_forces", "Times the log was forced to disk.", commits.forces()))
        .metricSnapshot(
            counter(
                "minikv_forced_writes",
                "Writes made durable by forces; over the forces: writes that shared one.",
                commits.forcedWrites()));
  }

  private static void addFilters(MetricSnapshots.Builder metrics, FilterStatistics filters) {
    metrics
        .metricSnapshot(
            counter(
                "minikv_filter_checks",
                "Times the filter of a segment was asked for a key.",
                filters.checks()))
        .metricSnapshot(
            counter(
                "minikv_filter_hits",
                "Times it told that the key is not there, so that none was looked for.",
                filters.hits()));
  }

  private static void addCompaction(MetricSnapshots.Builder metrics, CompactionReport report) {
    metrics
        .metricSnapshot(
            seconds(
                "minikv_compaction_last_start_timestamp_seconds",
                "When the last compaction began, in Unix time.",
                unixSeconds(report.startedAt())))
        .metricSnapshot(
            seconds(
                "minikv_compaction_last_duration_seconds",
                "Time that the last compaction took.",
                inSeconds(report.took())))
        .metricSnapshot(
            bytes(
                "minikv_compaction_last_reclaimed_bytes",
                "Bytes that the last compaction gave back.",
                report.reclaimedBytes()));
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return gauge(GaugeSnapshot.builder().name(name).help(help), (double) value);
  }

  private static GaugeSnapshot bytes(String name, String help, long value) {
    return gauge(GaugeSnapshot.builder().name(name).unit(Unit.BYTES).help(help), (double) value);
  }

  private static GaugeSnapshot seconds(String name, String help, double value) {
    return gauge(GaugeSnapshot.builder().name(name).unit(Unit.SECONDS).help(help), value);
  }

  private static GaugeSnapshot gauge(GaugeSnapshot.Builder gauge, double value) {
    return gauge.dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
  }

  /** The name is without {@code _total}, which the formats put behind it. */
  private static CounterSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build())
        .build();
  }

  private static double inSeconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }

  private static double unixSeconds(Instant instant) {
    return instant.toEpochMilli() / MILLIS_PER_SECOND;
  }
}
