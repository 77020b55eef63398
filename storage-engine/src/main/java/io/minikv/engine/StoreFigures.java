package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.compaction.Compactor;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.snapshot.Snapshots;
import java.util.ArrayList;
import java.util.List;

/** What an open store tells of itself. Thread-safe. */
final class StoreFigures {

  private final EntryTable table;
  private final Log log;
  private final CommitPipeline pipeline;
  private final Compactor compactor;
  private final KeyFiles keyFiles;
  private final Snapshots snapshots;
  private final Durability durability;
  private final RecoveryReport recovery;

  StoreFigures(
      EntryTable table,
      Log log,
      CommitPipeline pipeline,
      Compactor compactor,
      KeyFiles keyFiles,
      Snapshots snapshots,
      Durability durability,
      RecoveryReport recovery) {
    this.table = table;
    this.log = log;
    this.pipeline = pipeline;
    this.compactor = compactor;
    this.keyFiles = keyFiles;
    this.snapshots = snapshots;
    this.durability = durability;
    this.recovery = recovery;
  }

  StoreStatistics statistics() {
    Segment active = log.activeSegment();
    List<SegmentStatistics> segments = new ArrayList<>();
    long diskBytes =
        table.values().bytes() + keyFiles.bytes() + snapshots.bytes() + log.bytesAhead();
    for (Segment segment : table.segments().all()) {
      diskBytes += segment.fileBytes();
      long number = segment.fileNumber();
      long valueFileBytes = table.values().bytes(number);
      segments.add(
          new SegmentStatistics(
              number,
              number == active.fileNumber(),
              segment.end() + valueFileBytes,
              segment.liveBytes() + valueFileBytes - table.values().deadBytes(number)));
    }
    return new StoreStatistics(
        table.keys(),
        table.valueBytes(),
        diskBytes,
        segments,
        pipeline.visibility().sequence(),
        durability,
        pipeline.statistics(),
        keyFiles.filterStatistics(),
        recovery,
        compactor.lastReport());
  }

  StoreHealth health() {
    Throwable failure = pipeline.failure();
    if (failure != null) {
      return new StoreHealth(
          true,
          false,
          List.of("The disk failed, and the store takes no writes: " + failure.getMessage() + "."));
    }
    if (pipeline.isDiskFull()) {
      return new StoreHealth(
          true, false, List.of("The disk is full; writes go on when there is space again."));
    }
    return snapshots
        .problem()
        .map(problem -> new StoreHealth(true, true, List.of(problem)))
        .orElse(StoreHealth.HEALTHY);
  }
}
