package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.checkpoint.Checkpointer;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.commit.CommitThread;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.commit.StreamedWrites;
import io.minikv.engine.commit.WriteEncoding;
import io.minikv.engine.compaction.CompactionSettings;
import io.minikv.engine.compaction.CompactionThread;
import io.minikv.engine.compaction.Compactor;
import io.minikv.engine.compaction.ScatteredReads;
import io.minikv.engine.compaction.WriterPace;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.Attempts;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.read.EntryReader;
import io.minikv.engine.read.Scans;
import io.minikv.engine.read.Verifier;
import io.minikv.engine.recovery.Recovered;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.snapshot.SnapshotPace;
import io.minikv.engine.snapshot.Snapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an open store, put together when it is opened and taken apart when it is closed.
 * Thread-safe.
 */
final class OpenStore {

  /** So that a small disk is not all reserve. */
  private static final int GREATEST_RESERVED_PART = 8;

  /** A part of a segment that is worth bringing into the order of its keys. */
  private static final int SEGMENT_PARTS = 4;

  private final EngineOptions options;
  private final EngineThreads threads;
  private final DirectoryLock lock;
  private final EntryTable table;
  private final Log log;
  private final CommitPipeline pipeline;
  private final WriteEncoding encoding;
  private final StreamedWrites streamedWrites;
  private final @Nullable CommitThread commitThread;
  private final EntryReader reader;
  private final KeyFiles keyFiles;
  private final Scans scans;

  /** Held by who needs the files to stay, or takes some away. */
  private final MaintenanceLock maintenance = new MaintenanceLock();

  private final Compactor compactor;
  private final @Nullable CompactionThread compactionThread;
  private final Snapshots snapshots;
  private final Checkpointer checkpointer;

  private final StoreFigures figures;

  /** The last figures, kept when the store is closed. */
  private volatile @Nullable StoreStatistics finalStatistics;

  private volatile boolean closed;
  private boolean closeStarted;

  /**
   * The parts of a store that was recovered.
   *
   * @param freeBytes how much space there was on the disk before
   */
  OpenStore(
      EngineOptions options,
      EngineThreads threads,
      DirectoryLock lock,
      Recovered recovered,
      long freeBytes) {
    this.options = options;
    this.threads = threads;
    this.lock = lock;
    this.table = recovered.table();
    AtomicReference<CommitPipeline> failing = new AtomicReference<>();
    this.log =
        new Log(
            recovered.directory(),
            table.segments(),
            recovered.active(),
            recovered.lastSequence(),
            threads.background(),
            failure -> Objects.requireNonNull(failing.get()).fail(failure),
            reserveBytes(freeBytes),
            options.durability() == Durability.ALWAYS);
    WriterPace pace =
        new WriterPace(options.segmentBytes(), System::nanoTime, LockSupport::parkNanos);
    this.pipeline =
        new CommitPipeline(
            log, table, options.clock(), options.durability(), threads.completions(), pace::pay);
    failing.set(pipeline);
    this.encoding =
        new WriteEncoding(
            table::hash,
            new Compressor(options.compression().codec(), options.leastCompressedBytes()));
    this.streamedWrites =
        new StreamedWrites(
            pipeline,
            recovered.directory(),
            table.values(),
            encoding,
            options.limits(),
            options.longestLoggedBytes(),
            options.clock(),
            threads.transfers(),
            threads.completions());
    this.commitThread =
        threads.commits()
            ? new CommitThread(pipeline, options.durability(), options.forceInterval())
            : null;
    this.keyFiles =
        new KeyFiles(
            recovered.directory(),
            table::hash,
            options.filterRate(),
            threads.keyFiles(),
            threads.merges());
    recovered.directory().whenComplete(this::complete);
    keyFiles.begin(completeSegments());
    this.reader = new EntryReader(table, pipeline, options.clock(), () -> closed);
    ScatteredReads scattered =
        new ScatteredReads(options.segmentBytes() / SEGMENT_PARTS, this::wakeCompactions);
    this.scans =
        new Scans(table, keyFiles, pipeline, options.clock(), () -> closed, scattered::add);
    this.compactor =
        new Compactor(
            pipeline,
            recovered.directory(),
            table,
            keyFiles,
            log::activeSegment,
            threads.background(),
            threads.keyFiles(),
            maintenance,
            pace,
            scattered,
            options.clock(),
            new CompactionSettings(
                options.segmentBytes(),
                options.compaction().threshold(),
                options.compaction().deadRatio(),
                options.compaction().bytesPerSecond()));
    this.snapshots =
        new Snapshots(
            pipeline,
            recovered.directory(),
            table,
            maintenance,
            options.clock(),
            threads.keyFiles(),
            new SnapshotPace(
                options.snapshotBytes(),
                log::appendedBytes,
                recovered.replayedBytes(),
                table.keys()),
            recovered.snapshot());
    this.checkpointer =
        new Checkpointer(
            pipeline,
            recovered.directory(),
            table.segments(),
            table.values(),
            log::activeSegment,
            threads.background(),
            options.clock());
    this.figures =
        new StoreFigures(
            table,
            log,
            pipeline,
            compactor,
            keyFiles,
            snapshots,
            options.durability(),
            recovered.report());
    this.compactionThread =
        threads.compacts() && options.compaction().isInBackground()
            ? new CompactionThread(this::compactDue, options.compaction().interval())
            : null;
  }

  /** On a small disk the reserve is smaller than what is set. */
  private long reserveBytes(long freeBytes) {
    long used = table.segments().all().stream().mapToLong(Segment::fileBytes).sum();
    return Math.min(
        options.reserveSegments() * options.segmentBytes(),
        (freeBytes + used) / GREATEST_RESERVED_PART);
  }

  /** A segment is complete: its key file can be written, and there may be something to compact. */
  private void complete(Segment segment) {
    keyFiles.complete(segment);
    wakeCompactions();
  }

  private void wakeCompactions() {
    CompactionThread thread = compactionThread;
    if (thread != null) {
      thread.wake();
    }
  }

  private List<Segment> completeSegments() {
    long active = log.activeSegment().fileNumber();
    return table.segments().all().stream()
        .filter(segment -> segment.fileNumber() != active)
        .toList();
  }

  EngineOptions options() {
    return options;
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  WriteEncoding encoding() {
    return encoding;
  }

  StreamedWrites streamedWrites() {
    return streamedWrites;
  }

  EntryReader reader() {
    return reader;
  }

  Scans scans() {
    return scans;
  }

  void checkOpen() {
    if (closed) {
      throw CommitErrors.closed();
    }
  }

  CompactionReport compact(ProgressListener listener) throws IOException {
    CompactionReport report = compactor.compact(listener);
    noteCompaction(report);
    return report;
  }

  /** What the compaction thread does now and then, for those who have none. */
  Optional<CompactionReport> compactDue() throws IOException {
    Optional<CompactionReport> report = compactor.compactDue();
    report.ifPresent(this::noteCompaction);
    return report;
  }

  private void noteCompaction(CompactionReport report) {
    boolean copied = report.movedRecords() + report.droppedRecords() > 0;
    snapshots.compacted(copied ? report.bytesAfter() : 0);
  }

  CheckpointReport checkpoint(Path directory) throws IOException {
    try (MaintenanceLock.Held _ = maintenance.acquireNames()) {
      return checkpointer.checkpoint(directory);
    }
  }

  Snapshots snapshots() {
    return snapshots;
  }

  VerificationReport verify(ProgressListener listener) {
    List<Segment> pinned = new ArrayList<>();
    for (Segment segment : pipeline.underLock(table.segments()::all)) {
      if (segment.pin()) {
        pinned.add(segment);
      }
    }
    try {
      try {
        return new Verifier(table, listener).verify(pinned);
      } finally {
        for (Segment segment : pinned) {
          segment.unpin();
        }
      }
    } catch (MappingClosedException _) {
      throw CommitErrors.closed();
    } catch (IOException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FAILED,
          "The verification failed: " + e.getMessage() + ".",
          e);
    }
  }

  StoreStatistics statistics() {
    StoreStatistics known = finalStatistics;
    return known != null ? known : figures.statistics();
  }

  StoreHealth health() {
    if (closed) {
      return new StoreHealth(false, false, List.of("The store is closed."));
    }
    return figures.health();
  }

  synchronized void close() {
    if (closeStarted) {
      return;
    }
    closeStarted = true;
    checkpointer.close();
    keyFiles.stopMerging();
    compactor.close();
    if (compactionThread != null) {
      compactionThread.close();
    }
    if (commitThread != null) {
      commitThread.close();
    }
    pipeline.drain();
    boolean wasWritable = pipeline.failure() == null;
    snapshots.close();
    pipeline.stop();
    streamedWrites.close();
    threads.stop().run();
    finalStatistics = figures.statistics();
    try {
      endFiles();
      Throwable failure = pipeline.failure();
      if (wasWritable && failure != null) {
        throw new IOException(failure);
      }
    } catch (IOException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FAILED,
          "The store could not be closed in order: "
              + e.getMessage()
              + ". The next opening recovers it.",
          e);
    }
  }

  private void endFiles() throws IOException {
    try {
      pipeline.endLog();
    } finally {
      closed = true;
      Attempts attempts = new Attempts();
      table.segments().all().forEach(segment -> attempts.attempt(segment::close));
      attempts.attempt(keyFiles::close);
      attempts.attempt(lock::close);
      attempts.throwFailure();
    }
  }
}
