package io.minikv.engine.compaction;

import io.minikv.domain.Key;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Copies the live records of all complete segments into new ones. As no older segment is left out,
 * tombstones and expired records need not be copied.
 *
 * <p>The order is what makes it safe: the copies are durable, and so is every write that made a
 * record dead, before the MANIFEST lists the new segments; and that is durable before the index
 * points to them and the old files go. A record that is overwritten meanwhile loses: its copy is
 * never pointed to.
 *
 * <p>One run at a time; readers and writers go on.
 */
public final class Compactor {

  /** So many records are moved while writers are held up. */
  private static final int MOVES_AT_ONCE = 256;

  private final CommitPipeline pipeline;
  private final SegmentDirectory directory;
  private final EntryTable table;
  private final Supplier<Segment> activeSegment;
  private final Executor background;
  private final InstantSource clock;
  private volatile boolean cancelled;

  /**
   * For a store.
   *
   * @param activeSegment the segment that is written, read under the lock of the writers
   * @param background finishes ended segments; what it was given before is waited for
   */
  public Compactor(
      CommitPipeline pipeline,
      SegmentDirectory directory,
      EntryTable table,
      Supplier<Segment> activeSegment,
      Executor background,
      InstantSource clock) {
    this.pipeline = pipeline;
    this.directory = directory;
    this.table = table;
    this.activeSegment = activeSegment;
    this.background = background;
    this.clock = clock;
  }

  /** Ends a run that is under way, without an effect, and every later one at once. */
  public void close() {
    cancelled = true;
    awaitRun();
  }

  /**
   * Runs once.
   *
   * @throws NotWritableException when there is no space, or the disk fails
   * @throws DamagedSegmentException when a live record is damaged; nothing has changed then
   */
  public synchronized CompactionReport compact(ProgressListener listener) throws IOException {
    Instant startedAt = clock.instant();
    long startedNanos = System.nanoTime();
    checkNotCancelled();
    pipeline.roll();
    List<Segment> inputs = pipeline.underLock(this::completeSegments);
    // Their ending was given to the background before they counted as complete: it is over then.
    CompletableFuture.runAsync(() -> {}, background).join();
    Run run = new Run(inputs, listener);
    List<Segment> outputs = inputs;
    if (hasDeadBytes(inputs)) {
      outputs = run.copy();
      run.publish(outputs);
    }
    return new CompactionReport(
        startedAt,
        Duration.ofNanos(System.nanoTime() - startedNanos),
        inputs.size(),
        outputs.size(),
        bytes(inputs),
        bytes(outputs),
        run.moved,
        run.dropped);
  }

  /** Returns when no run is under way. */
  private synchronized void awaitRun() {}

  private List<Segment> completeSegments() {
    long active = activeSegment.get().fileNumber();
    return table.segments().all().stream()
        .filter(segment -> segment.fileNumber() != active)
        .toList();
  }

  private static boolean hasDeadBytes(List<Segment> segments) {
    return segments.stream()
        .anyMatch(segment -> segment.liveBytes() < segment.end() - SegmentHeader.LENGTH);
  }

  private static long bytes(List<Segment> segments) {
    return segments.stream().mapToLong(Segment::end).sum();
  }

  private void checkNotCancelled() {
    if (cancelled) {
      throw CommitErrors.closed();
    }
  }

  /** One run. */
  private final class Run {

    private final List<Segment> inputs;
    private final ProgressListener listener;
    private final CompactionOutput output = new CompactionOutput(directory, table.values());
    private final long totalBytes;
    private long doneBytes;
    private long moved;
    private long dropped;

    Run(List<Segment> inputs, ProgressListener listener) {
      this.inputs = inputs;
      this.listener = listener;
      this.totalBytes = bytes(inputs);
    }

    /** Copies what is live; when it fails nothing is left of it. */
    List<Segment> copy() throws IOException {
      try {
        for (Segment input : inputs) {
          copy(input);
          doneBytes += input.end();
          listener.onProgress(doneBytes, totalBytes);
        }
        return output.finish();
      } catch (DiskFullException e) {
        output.discard();
        throw full(e);
      } catch (IOException | RuntimeException e) {
        output.discard();
        throw e;
      }
    }

    private void copy(Segment input) throws IOException {
      FrameScanner frames = new FrameScanner(input);
      while (frames.next()) {
        checkNotCancelled();
        FrameHead head = frames.head();
        if (head.isRecord()) {
          if (head.type() == Frame.TYPE_PUT && isKept(head, frames.location())) {
            output.append(input, frames);
            moved++;
          } else {
            dropped++;
          }
        }
      }
    }

    /**
     * Whether a put is live; one that has expired goes from the index at once, as nobody can see it
     * any more.
     */
    private boolean isKept(FrameHead head, long location) throws IOException {
      Key key = head.key();
      long hash = table.hash(key);
      Found live = table.find(key, hash);
      if (live == null || live.location() != location) {
        return false;
      }
      if (!Frame.isExpired(head.expiresAtMillis(), clock.millis())) {
        return true;
      }
      pipeline.underLock(() -> {
        table.removeIfAt(hash, live);
        return true;
      });
      return false;
    }

    /** Puts the new segments in place of the old ones. */
    void publish(List<Segment> outputs) throws IOException {
      pipeline.flush();
      table.segments().replace(List.of(), outputs);
      try {
        directory.replace(inputs, outputs);
      } catch (DiskFullException e) {
        table.segments().replace(outputs, List.of());
        output.discard();
        throw full(e);
      } catch (IOException e) {
        pipeline.fail(e);
        throw e;
      }
      for (Segment segment : outputs) {
        move(segment);
      }
      table.segments().replace(inputs, List.of());
      for (Segment input : inputs) {
        input.retire(() -> table.values().release(input.fileNumber()));
      }
      directory.delete(inputs);
    }

    private void move(Segment copied) throws IOException {
      FrameScanner frames = new FrameScanner(copied);
      boolean more = true;
      try {
        while (more) {
          more = pipeline.underLock(() -> move(frames));
        }
      } catch (IOException e) {
        pipeline.fail(e); // The MANIFEST knows more than the index; the next opening puts it right.
        throw e;
      }
    }

    private boolean move(FrameScanner frames) throws IOException {
      for (int i = 0; i < MOVES_AT_ONCE; i++) {
        if (!frames.next()) {
          return false;
        }
        FrameHead head = frames.head();
        Key key = head.key();
        long hash = table.hash(key);
        Found live = table.find(key, hash);
        if (live != null && live.intactHead().sequence() == head.sequence()) {
          table.move(
              hash, live.location(), frames.location(), head.frameLength(), head.valueLength());
        }
      }
      return true;
    }

    private NotWritableException full(DiskFullException cause) {
      return new NotWritableException(
          NotWritableException.Reason.DISK_FULL,
          "The disk is too full for a compaction, which needs as much space as the live data takes ("
              + cause.getMessage()
              + "). Nothing has changed.",
          cause);
    }
  }
}
