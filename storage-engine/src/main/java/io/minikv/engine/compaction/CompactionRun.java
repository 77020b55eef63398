package io.minikv.engine.compaction;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the groups of one run did together, and what stopped some of them. For one thread. */
final class CompactionRun {

  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private final Progress progress;
  private int groups;
  private int segmentsBefore;
  private int segmentsAfter;
  private long bytesBefore;
  private long bytesAfter;
  private long movedRecords;
  private long droppedRecords;
  private boolean outOfSpace;
  private @Nullable Exception failure;

  CompactionRun(InstantSource clock, ProgressListener listener) {
    this.startedAt = clock.instant();
    this.progress = new Progress(listener);
  }

  Progress progress() {
    return progress;
  }

  void add(CompactionGroup group) {
    groups++;
    segmentsBefore += group.inputs().size();
    segmentsAfter += group.outputs().size();
    bytesBefore += bytes(group.inputs());
    bytesAfter += bytes(group.outputs());
    movedRecords += group.kept();
    droppedRecords += group.dropped();
  }

  private static long bytes(List<Segment> segments) {
    return segments.stream().mapToLong(Segment::end).sum();
  }

  /** Notes what stopped a group; the first one of those is told at the end. */
  void stopped(Exception reason) {
    Exception first = failure;
    if (first == null) {
      failure = reason;
    } else {
      first.addSuppressed(reason);
    }
  }

  /** Notes that there was no space for a group. */
  void ranOutOfSpace(String message, @Nullable Throwable cause) {
    outOfSpace = true;
    stopped(
        new NotWritableException(
            NotWritableException.Reason.DISK_FULL,
            "The disk is too full for a compaction, which needs space for a part of the live data first ("
                + message
                + "). What it could not compact has not changed.",
            cause));
  }

  boolean isOutOfSpace() {
    return outOfSpace;
  }

  boolean hasDoneSomething() {
    return groups > 0;
  }

  /** How many bytes came back so far. */
  long reclaimedBytes() {
    return bytesBefore - bytesAfter;
  }

  CompactionReport report() {
    return new CompactionReport(
        startedAt,
        Duration.ofNanos(System.nanoTime() - startedNanos),
        segmentsBefore,
        segmentsAfter,
        bytesBefore,
        bytesAfter,
        movedRecords,
        droppedRecords);
  }

  /** Tells what stopped a group, if anything did. */
  void throwFailure() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case NotWritableException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
