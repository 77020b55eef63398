package io.minikv.engine.snapshot;

import io.minikv.domain.StoreException;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.IndexCopy;
import io.minikv.engine.io.Disk;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes index snapshots of an open store, on demand and when they are due, while it is read and
 * written. One that fails costs nothing but the time of the next opening.
 *
 * <p>A snapshot is of one moment: sequence number, ends of segments and counts are noted, and the
 * copy of the index is begun, while no write becomes visible. Then the index is copied shard by
 * shard. Before the snapshot gets its name the log is forced, so that it never points to a record
 * that a power cut can take back.
 *
 * <p>Thread-safe.
 */
public final class Snapshots {

  private final CommitPipeline pipeline;
  private final SegmentDirectory directory;
  private final EntryTable table;
  private final MaintenanceLock maintenance;
  private final InstantSource clock;
  private final Executor background;
  private final SnapshotPace pace;

  /** Whether the background was asked and has not begun. */
  private final AtomicBoolean requested = new AtomicBoolean();

  /** The state of the store that the newest snapshot holds; guarded by the maintenance lock. */
  private @Nullable State latest;

  /** The length of the newest snapshot, in bytes; 0 when there is none. */
  private volatile long bytes;

  private volatile @Nullable String problem;
  private volatile boolean closed;

  /**
   * What a snapshot is of.
   *
   * @param sequence all writes up to this sequence number
   * @param segments how far segments are covered
   */
  private record State(long sequence, List<SnapshotSegment> segments) {

    boolean isEmpty() {
      return sequence == 0;
    }
  }

  /**
   * The beginning of a snapshot.
   *
   * @param state what it is of
   * @param keys how many entries the copy will have
   * @param copy the copy that was begun
   */
  private record Capture(State state, long keys, IndexCopy copy) {}

  /**
   * For a store that was opened.
   *
   * @param background takes those that are due
   * @param loaded the one that the store was opened with, if it was
   */
  public Snapshots(
      CommitPipeline pipeline,
      SegmentDirectory directory,
      EntryTable table,
      MaintenanceLock maintenance,
      InstantSource clock,
      Executor background,
      SnapshotPace pace,
      @Nullable LoadedSnapshot loaded) {
    this.pipeline = pipeline;
    this.directory = directory;
    this.table = table;
    this.maintenance = maintenance;
    this.clock = clock;
    this.background = background;
    this.pace = pace;
    this.latest = loaded == null ? null : new State(loaded.sequence(), loaded.segments());
    this.bytes = loaded == null ? 0 : loaded.length();
  }

  /**
   * Takes one now.
   *
   * @throws IOException when the disk is full or fails
   * @throws StoreException when the store cannot write
   */
  public SnapshotReport take() throws IOException {
    try (MaintenanceLock.Held _ = maintenance.acquire()) {
      return takeAlone();
    }
  }

  /** Has one taken in the background when enough was written since the last one. */
  public void takeIfDue() {
    if (pace.isDue()) {
      request();
    }
  }

  /** Notes that a compaction wrote so many bytes, and has one taken when that is worth it. */
  public void compacted(long bytes) {
    if (pace.compacted(bytes, table.keys())) {
      request();
    }
  }

  private void request() {
    if (!requested.compareAndSet(false, true)) {
      return;
    }
    try {
      background.execute(this::takeInBackground);
    } catch (RejectedExecutionException _) {
      log().debug("The store is being closed, which takes a snapshot of its own.");
    }
  }

  private void takeInBackground() {
    requested.set(false);
    try (MaintenanceLock.Held held = maintenance.tryAcquire()) {
      if (held == null) {
        pace.postpone(); // The compaction that is under way asks for one at its end.
      } else if (!closed && pace.isDue()) {
        takeAlone();
      }
    } catch (IOException | StoreException e) {
      log().warn("The index could not be written down; the next opening takes longer.", e);
    }
  }

  /** Takes a last one, unless nothing has changed. A failure is reported, not thrown. */
  public void close() {
    try (MaintenanceLock.Held _ = maintenance.acquire()) {
      closed = true;
      State now = pipeline.underLock(this::state);
      if (!now.equals(latest) && !now.isEmpty() && pipeline.failure() == null) {
        takeAlone();
      }
    } catch (IOException | StoreException e) {
      log()
          .warn(
              "The index could not be written down at the end; the next opening takes longer.", e);
    }
  }

  /** The length of the newest one, in bytes; 0 when there is none. */
  public long bytes() {
    return bytes;
  }

  /** Why the last one could not be taken; nothing when it was. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  // ---- under the maintenance lock

  private SnapshotReport takeAlone() throws IOException {
    pace.begin(table.keys());
    try {
      SnapshotReport report = write();
      problem = null;
      return report;
    } catch (IOException | StoreException e) {
      problem = "The index could not be written down: " + e.getMessage();
      throw e;
    }
  }

  private SnapshotReport write() throws IOException {
    long startedNanos = System.nanoTime();
    pipeline.flush(); // So that little is appended that is not visible.
    Capture capture = pipeline.underLock(this::begin);
    long sequence = capture.state().sequence();
    long length;
    try {
      length = copy(capture);
      pipeline.flush();
      directory.publishSnapshot(sequence);
    } catch (IOException | RuntimeException e) {
      removeTemporary(sequence, e);
      throw e;
    }
    latest = capture.state();
    bytes = length;
    removeOthers(FileNames.snapshot(sequence));
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
    return new SnapshotReport(sequence, capture.keys(), length, took);
  }

  private Capture begin() throws IOException {
    for (Segment segment : table.segments().all()) {
      if (!directory.lists(segment.fileNumber())) {
        throw new IOException(
            "a compaction failed halfway; close the store and open it again, which completes it");
      }
    }
    return new Capture(state(), table.keys(), table.index().beginCopy());
  }

  private State state() {
    long firstUnpublished = pipeline.firstUnpublished();
    long sequence = pipeline.visibility().sequence();
    List<SnapshotSegment> segments = new ArrayList<>();
    for (Segment segment : table.segments().all()) {
      boolean hasCovered = segment.lowestSequence() != 0 && segment.lowestSequence() <= sequence;
      segments.add(
          new SnapshotSegment(
              segment.fileNumber(),
              coveredEnd(segment, firstUnpublished),
              segment.liveBytes(),
              segment.liveValueBytes(),
              hasCovered ? segment.lowestSequence() : 0,
              hasCovered ? Math.min(segment.highestSequence(), sequence) : 0));
    }
    return new State(sequence, segments);
  }

  /** Where the first record lies that the index does not know yet. */
  private static long coveredEnd(Segment segment, long firstUnpublished) {
    long number = Location.fileNumber(firstUnpublished);
    if (firstUnpublished == Location.NONE
        || segment.kind() != SegmentHeader.Kind.LOG
        || segment.fileNumber() < number) {
      return segment.end();
    }
    return segment.fileNumber() == number
        ? Location.offset(firstUnpublished)
        : SegmentHeader.LENGTH;
  }

  private long copy(Capture capture) throws IOException {
    StoreId store = directory.store();
    SnapshotHeader header =
        new SnapshotHeader(
            store,
            new SecureRandom().nextLong(),
            capture.state().sequence(),
            clock.millis(),
            capture.keys(),
            capture.state().segments().size());
    IndexCopy copy = capture.copy();
    try (SnapshotWriter writer =
        SnapshotWriter.create(directory.disk(), header, capture.state().segments())) {
      while (pipeline.underLock(copy::take)) {
        long[] entries = copy.entries();
        writer.add(entries, copy.count());
      }
      writer.finish();
      return writer.length();
    } finally {
      pipeline.underLock(() -> {
        table.index().endCopy();
        return true;
      });
    }
  }

  private void removeTemporary(long sequence, Exception cause) {
    Disk disk = directory.disk();
    String name = FileNames.snapshotTemporary(sequence);
    try {
      if (disk.exists(name)) {
        disk.delete(name);
      }
    } catch (IOException e) {
      cause.addSuppressed(e); // The next opening removes it.
    }
  }

  /** Removes older ones, and those that were damaged, after the new one is durable. */
  private void removeOthers(String current) throws IOException {
    for (String name : directory.disk().list()) {
      if (FileNames.isSnapshot(name) && !name.equals(current)) {
        directory.disk().delete(name);
      }
    }
  }

  /** Not set up before there is something to say: no opening has to wait for that. */
  private static Logger log() {
    return LoggerFactory.getLogger(Snapshots.class);
  }
}
