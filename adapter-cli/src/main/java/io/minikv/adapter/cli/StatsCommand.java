package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreStatistics;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints figures of the store. */
@Command(name = "stats", description = "Print figures of the store.")
final class StatsCommand implements StoreCommand {

  private static final double BYTES_PER_MB = 1 << 20;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    StoreStatistics statistics = invocation.maintenance().statistics();
    StoreHealth health = invocation.maintenance().health();
    Answers answers = invocation.answers(common);
    answers.say(text(statistics, health, answers.style()), json(statistics, health));
    return ExitStatus.DONE;
  }

  /** The first six lines are those that the shell always had. */
  private static String text(StoreStatistics statistics, StoreHealth health, Style style) {
    CommitStatistics commits = statistics.commits();
    RecoveryReport recovery = statistics.recovery();
    StringBuilder text = new StringBuilder(style.heading("Store Statistics:"));
    line(text, "Keys", statistics.keys());
    line(text, "Segments", statistics.segments().size());
    line(
        text,
        "Total size",
        String.format(Locale.ROOT, "%.2f MB", statistics.diskBytes() / BYTES_PER_MB));
    line(text, "Active segment", activeSegment(statistics).map(Object::toString).orElse("none"));
    line(text, "Oldest segment", oldestSegment(statistics).map(Object::toString).orElse("none"));
    line(text, "Live values", statistics.liveValueBytes() + " bytes");
    line(
        text,
        "Live and dead records",
        statistics.liveBytes() + " and " + statistics.deadBytes() + " bytes");
    line(text, "Last sequence number", statistics.lastSequence());
    line(text, "Durability", lower(statistics.durability()));
    line(
        text,
        "Writes since opening",
        String.format(Locale.ROOT, "%d, %.1f a force", commits.writes(), commits.writesPerForce()));
    line(
        text,
        "Filters since opening",
        "%d hits of %d".formatted(statistics.filters().hits(), statistics.filters().checks()));
    line(
        text,
        "Opened",
        "%s (%s, %d records in %d ms)"
            .formatted(
                recovery.openedAt(),
                lower(recovery.outcome()),
                recovery.records(),
                recovery.took().toMillis()));
    recovery.findings().forEach(finding -> line(text, "Found at opening", finding));
    statistics
        .lastCompaction()
        .ifPresent(report ->
            line(
                text,
                "Last compaction",
                "%s, %d bytes came back".formatted(report.startedAt(), report.reclaimedBytes())));
    line(
        text, "Health", health.isHealthy() ? "good" : health.writable() ? "degraded" : "read-only");
    health.problems().forEach(problem -> line(text, "Problem", problem));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append("\n  ").append(name).append(": ").append(value);
  }

  private static JsonObject json(StoreStatistics statistics, StoreHealth health) {
    CommitStatistics commits = statistics.commits();
    return new JsonObject()
        .put("keys", statistics.keys())
        .put("live_value_bytes", statistics.liveValueBytes())
        .put("disk_bytes", statistics.diskBytes())
        .put("live_bytes", statistics.liveBytes())
        .put("dead_bytes", statistics.deadBytes())
        .put("segments", statistics.segments().stream().map(StatsCommand::json).toList())
        .put("last_sequence", statistics.lastSequence())
        .put("durability", lower(statistics.durability()))
        .put(
            "commits",
            new JsonObject()
                .put("writes", commits.writes())
                .put("records", commits.records())
                .put("forces", commits.forces())
                .put("writes_per_force", commits.writesPerForce()))
        .put(
            "filters",
            new JsonObject()
                .put("checks", statistics.filters().checks())
                .put("hits", statistics.filters().hits()))
        .put("recovery", json(statistics.recovery()))
        .put("last_compaction", statistics.lastCompaction().map(StatsCommand::json))
        .put(
            "health",
            new JsonObject()
                .put("readable", health.readable())
                .put("writable", health.writable())
                .putTexts("problems", health.problems()));
  }

  private static JsonObject json(SegmentStatistics segment) {
    return new JsonObject()
        .put("number", segment.number())
        .put("active", segment.active())
        .put("size_bytes", segment.sizeBytes())
        .put("live_bytes", segment.liveBytes());
  }

  private static JsonObject json(RecoveryReport recovery) {
    return new JsonObject()
        .put("opened_at", recovery.openedAt().toString())
        .put("took_ms", recovery.took().toMillis())
        .put("outcome", lower(recovery.outcome()))
        .put("records", recovery.records())
        .put("keys", recovery.keys())
        .putTexts("findings", recovery.findings());
  }

  static JsonObject json(CompactionReport report) {
    return new JsonObject()
        .put("started_at", report.startedAt().toString())
        .put("took_ms", report.took().toMillis())
        .put("segments_before", report.segmentsBefore())
        .put("segments_after", report.segmentsAfter())
        .put("bytes_before", report.bytesBefore())
        .put("bytes_after", report.bytesAfter())
        .put("moved_records", report.movedRecords())
        .put("dropped_records", report.droppedRecords());
  }

  private static Optional<Long> activeSegment(StoreStatistics statistics) {
    return statistics.segments().stream()
        .filter(SegmentStatistics::active)
        .map(SegmentStatistics::number)
        .findFirst();
  }

  private static Optional<Long> oldestSegment(StoreStatistics statistics) {
    return statistics.segments().stream().map(SegmentStatistics::number).min(Long::compare);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
