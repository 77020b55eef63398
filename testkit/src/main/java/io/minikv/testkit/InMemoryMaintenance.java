package io.minikv.testkit;

import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions.Direction;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.testkit.InMemoryKeyValueStore.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The figures of an in-memory store, told as those of one segment, and the work on it. */
final class InMemoryMaintenance {

  private final InMemoryKeyValueStore store;
  private final InstantSource clock;
  private final Durability durability;
  private final RecoveryReport recovery;
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private volatile Optional<CompactionReport> lastCompaction = Optional.empty();

  InMemoryMaintenance(InMemoryKeyValueStore store, InstantSource clock, Durability durability) {
    this.store = store;
    this.clock = clock;
    this.durability = durability;
    this.recovery =
        new RecoveryReport(
            clock.instant(), Duration.ZERO, RecoveryReport.Outcome.CREATED, 0, 0, List.of());
  }

  void written(long newRecords) {
    writes.incrementAndGet();
    records.addAndGet(newRecords);
  }

  StoreStatistics statistics(Contents contents) {
    return new StoreStatistics(
        contents.live().records(),
        contents.liveValueBytes(),
        0,
        List.of(new SegmentStatistics(1, true, contents.log().bytes(), contents.live().bytes())),
        contents.lastSequence(),
        durability,
        new CommitStatistics(writes.get(), records.get(), 0, 0),
        FilterStatistics.NONE,
        recovery,
        lastCompaction);
  }

  /** Drops expired entries and all that is dead in the log. */
  synchronized CompactionReport compact(ProgressListener listener) {
    Instant startedAt = clock.instant();
    Change change =
        store.change(contents -> withoutExpired(contents, clock.millis()).withCompactLog());
    CompactionReport report = report(startedAt, change.before(), change.after());
    listener.onProgress(report.bytesBefore(), report.bytesBefore());
    lastCompaction = Optional.of(report);
    return report;
  }

  private CompactionReport report(Instant startedAt, Contents before, Contents after) {
    return new CompactionReport(
        startedAt,
        Duration.between(startedAt, clock.instant()),
        1,
        1,
        before.log().bytes(),
        after.log().bytes(),
        after.log().records(),
        before.log().records() - after.log().records());
  }

  private static Contents withoutExpired(Contents contents, long nowMillis) {
    Contents rest = contents;
    Iterator<Entry> entries = contents.entries().iterator(KeyRange.all(), Direction.FORWARDS);
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (!Contents.isPresent(entry, nowMillis)) {
        rest = rest.withoutEntry(entry.key());
      }
    }
    return rest;
  }

  VerificationReport verify(Contents contents, ProgressListener listener) {
    long bytes = contents.log().bytes();
    listener.onProgress(bytes, bytes);
    return new VerificationReport(0, bytes, contents.log().records(), List.of(), Duration.ZERO);
  }
}
