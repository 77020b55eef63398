package io.minikv.engine.compaction;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.keyfile.DamagedKeyFileException;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives space back: segments are taken in groups, whose live records are copied into new segments,
 * so that a compaction needs little space beside what is there. Each group takes effect by itself.
 *
 * <p>One run at a time; readers and writers go on. Thread-safe.
 */
public final class Compactor {

  /**
   * What had to stay because of older records is tried again so often when these have gone
   * meanwhile.
   */
  private static final int MOST_PASSES = 4;

  /** So many groups a run in the background has at most before it looks around again. */
  private static final int MOST_GROUPS = 1_000;

  private final StoreAccess store;
  private final Executor keyFileWriter;
  private final CompactionSettings settings;
  private final Throttle throttle;
  private final WriterPace writerPace;

  /** Held by a run. */
  private final ReentrantLock running = new ReentrantLock();

  /** Completed when the store ends. */
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  private volatile @Nullable CompactionReport lastReport;

  /** Guarded by running. */
  private final GroupChoice choice;

  /**
   * For a store.
   *
   * @param activeSegment the segment that is written, read under the lock of the writers
   * @param background finishes ended segments; what it was given before is waited for
   * @param keyFileWriter writes key files; what it was given before is waited for, too
   * @param maintenance is held by each group while it runs
   * @param writerPace what writers pay when compactions in the background cannot keep up with them
   * @param scatteredReads what scans pay for records in the order of their keys
   */
  public Compactor(
      CommitPipeline pipeline,
      SegmentDirectory directory,
      EntryTable table,
      KeyFiles keyFiles,
      Supplier<Segment> activeSegment,
      Executor background,
      Executor keyFileWriter,
      MaintenanceLock maintenance,
      WriterPace writerPace,
      ScatteredReads scatteredReads,
      InstantSource clock,
      CompactionSettings settings) {
    this.store = new StoreAccess(pipeline, directory, table, keyFiles, maintenance, clock);
    this.keyFileWriter = keyFileWriter;
    this.settings = settings;
    this.throttle = new Throttle(settings.bytesPerSecond(), System::nanoTime, this::awaitEnd);
    this.writerPace = writerPace;
    this.choice =
        new GroupChoice(
            store,
            activeSegment,
            background,
            scatteredReads,
            settings,
            this::checkNotCancelled,
            this::awaitKeyFiles);
  }

  /** Ends a run that is under way, and every later one at once. What is published stays so. */
  public void close() {
    cancelled.complete(null);
    awaitRun();
  }

  /** Returns when no run is under way. */
  private void awaitRun() {
    running.lock();
    try {
      choice.forgetDamage();
    } finally {
      running.unlock();
    }
  }

  /** What the last run did that did something; nothing when there was none. */
  public Optional<CompactionReport> lastReport() {
    return Optional.ofNullable(lastReport);
  }

  /**
   * Gives back as much as there is.
   *
   * @throws NotWritableException when there is no space to work in, or the disk has failed
   * @throws DamagedSegmentException when segments are damaged, which have stayed as they were; all
   *     others were compacted
   */
  public CompactionReport compact(ProgressListener listener) throws IOException {
    running.lock();
    try {
      checkNotCancelled();
      store.pipeline().roll();
      store.directory().deleteRetired();
      choice.forgetDamage();
      CompactionRun run = new CompactionRun(store.clock(), listener);
      List<SegmentWeight> chosen = choice.reclaimable();
      for (int pass = 0; pass < MOST_PASSES && !chosen.isEmpty(); pass++) {
        compactAll(run, chosen);
        chosen = choice.released();
      }
      CompactionReport report = run.report();
      lastReport = report;
      run.throwFailure();
      return report;
    } finally {
      running.unlock();
    }
  }

  private void compactAll(CompactionRun run, List<SegmentWeight> chosen) throws IOException {
    List<SegmentWeight> remaining = new ArrayList<>(chosen);
    run.progress().expect(choice.bytesToPass(remaining));
    boolean more = !remaining.isEmpty();
    while (more) {
      List<SegmentWeight> group = choice.onDemand(run, remaining);
      remaining.removeAll(group);
      remaining.addAll(compact(run, group, Breather.restless()));
      more = !group.isEmpty() && !remaining.isEmpty();
    }
  }

  /**
   * Does what is due, if anything is, and nobody else compacts.
   *
   * @return what it did; nothing when there was nothing to do
   * @throws NotWritableException when there is no space to work in
   * @throws DamagedSegmentException when segments are damaged, which have stayed as they were, and
   *     are left out from now on
   */
  public Optional<CompactionReport> compactDue() throws IOException {
    if (!running.tryLock()) {
      return Optional.empty();
    }
    try {
      checkNotCancelled();
      if (store.pipeline().failure() != null) {
        return Optional.empty();
      }
      store.directory().deleteRetired();
      CompactionRun run = new CompactionRun(store.clock(), ProgressListener.NONE);
      try {
        compactDue(run);
      } finally {
        writerPace.caughtUp();
      }
      if (run.hasDoneSomething()) {
        lastReport = run.report();
      }
      run.throwFailure();
      return run.hasDoneSomething() ? lastReport() : Optional.empty();
    } finally {
      running.unlock();
    }
  }

  private void compactDue(CompactionRun run) throws IOException {
    boolean more = true;
    for (int i = 0; i < MOST_GROUPS && more; i++) {
      List<SegmentWeight> group = choice.due(run, this::slowWriters);
      slowWriters(group);
      compactUnhurried(run, group);
      boolean somebodyWaits = running.hasQueuedThreads();
      more = !group.isEmpty() && !run.isOutOfSpace() && !somebodyWaits;
    }
  }

  /** From when a group is due until it was compacted, unless that is slow on purpose. */
  private void slowWriters(List<SegmentWeight> group) {
    if (settings.bytesPerSecond() == 0 && !group.isEmpty()) {
      writerPace.behind(choice.bytesLeft(group));
    }
  }

  /** In the background there is time, unless somebody waits. */
  private void compactUnhurried(CompactionRun run, List<SegmentWeight> group) throws IOException {
    Breather breather =
        Breather.unhurried(() -> writerPace.hasHeldWriters() || running.hasQueuedThreads());
    long startedNanos = System.nanoTime();
    long before = run.reclaimedBytes();
    compact(run, group, breather);
    writerPace.gaveBack(
        run.reclaimedBytes() - before, System.nanoTime() - startedNanos - breather.restedNanos());
  }

  // ---- groups

  /** Compacts a group; returns those that are to be tried again, as something stopped it. */
  private List<SegmentWeight> compact(
      CompactionRun run, List<SegmentWeight> chosen, Breather breather) throws IOException {
    for (int attempt = 0; attempt < chosen.size(); attempt++) {
      try {
        return compactOnce(run, chosen, breather);
      } catch (DamagedKeyFileException _) {
        // It is made anew: the next attempt reads another one, or what is sorted in memory.
      }
    }
    return compactOnce(run, chosen, breather);
  }

  private List<SegmentWeight> compactOnce(
      CompactionRun run, List<SegmentWeight> chosen, Breather breather) throws IOException {
    if (chosen.isEmpty()) {
      return List.of();
    }
    CompactionGroup group = group(chosen, breather);
    try {
      group.run(run.progress());
      choice.note(group);
      run.add(group);
    } catch (DiskFullException e) {
      return compactHalf(run, chosen, breather, e);
    } catch (DamagedSegmentException e) {
      run.stopped(e);
      return withoutDamaged(chosen, group, e.file());
    }
    return List.of();
  }

  /**
   * The disk was full before a group was done, as others write too: less may fit.
   *
   * @return the rest, when that is so
   */
  private List<SegmentWeight> compactHalf(
      CompactionRun run, List<SegmentWeight> chosen, Breather breather, DiskFullException cause)
      throws IOException {
    List<SegmentWeight> fewer = choice.half(chosen);
    if (fewer.isEmpty() || fewer.size() == chosen.size()) {
      run.ranOutOfSpace(String.valueOf(cause.getMessage()), cause);
      return List.of();
    }
    List<SegmentWeight> rest = new ArrayList<>(chosen);
    rest.removeAll(fewer);
    rest.addAll(compact(run, fewer, breather));
    return run.isOutOfSpace() ? List.of() : rest;
  }

  private CompactionGroup group(List<SegmentWeight> chosen, Breather breather) {
    awaitKeyFiles();
    List<Segment> inputs = choice.segments(chosen);
    List<Segment> others =
        new ArrayList<>(store.pipeline().underLock(store.table().segments()::all));
    others.removeAll(inputs);
    return new CompactionGroup(store, inputs, others, throttle, breather, this::isCancelled);
  }

  private List<SegmentWeight> withoutDamaged(
      List<SegmentWeight> chosen, CompactionGroup group, String file) {
    long number =
        group.inputs().stream()
            .filter(segment -> segment.name().equals(file))
            .mapToLong(Segment::fileNumber)
            .findFirst()
            .orElse(0);
    if (number == 0) {
      return List.of(); // It is another file, so that the same would stop the group again.
    }
    choice.leaveOut(number);
    return chosen.stream().filter(each -> each.fileNumber() != number).toList();
  }

  /** Without the key files of what was written last every tombstone would have to stay. */
  private void awaitKeyFiles() {
    CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {}, keyFileWriter);
    CompletableFuture.anyOf(written, cancelled).join();
    checkNotCancelled();
  }

  // ---- ending early

  private boolean isCancelled() {
    return cancelled.isDone();
  }

  private void checkNotCancelled() {
    if (isCancelled()) {
      throw CommitErrors.closed();
    }
  }

  /** Waits, but not beyond the end of the store; an interrupt of the caller ends it, too. */
  private void awaitEnd(long nanos) {
    try {
      cancelled.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // It was waited for long enough.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
