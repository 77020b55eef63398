package io.minikv.engine.commit;

import io.minikv.domain.Durability;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.Log;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Group commit. Writers append under one lock, which is held for a moment only; whoever finds
 * nobody forcing forces the log up to its end, and with it the writes of all others that were
 * appended by then (DeWitt et al., Implementation Techniques for Main Memory Database Systems,
 * 1984, section 5.2). A caller that waits does this itself, which saves two handoffs; for callers
 * that do not wait, and for what is left over, the {@link CommitThread} does.
 *
 * <p>Thread-safe.
 */
public final class CommitPipeline {

  /** The lock of the writers: order, appending, visibility. */
  private final WriterLock lock = new WriterLock();

  /** Held by the one who forces; taken before {@link #lock} where both are. */
  private final ReentrantLock forceLock = new ReentrantLock();

  private final Log log;
  private final WriteSequencer sequencer;
  private final LongConsumer toll;
  private final Answers answers;
  private final WriteQueue queue = new WriteQueue();
  private final CommitCounters counters = new CommitCounters();

  /** How callers wait before they go to sleep. */
  private final AdaptiveYield yields = new AdaptiveYield();

  /** Guarded by {@link #forceLock}. */
  private final Gathering gathering = new Gathering(yields);

  private final Waker waker = new Waker();
  private final PipelineState state = new PipelineState();
  private final Acceptance acceptance;

  /**
   * A pipeline to the end of a log.
   *
   * @param completions runs what callers attached to their stages
   * @param toll waits for as long as a write of so many bytes costs
   */
  public CommitPipeline(
      Log log,
      EntryTable table,
      InstantSource clock,
      Durability durability,
      Executor completions,
      LongConsumer toll) {
    this.log = log;
    this.sequencer = new WriteSequencer(log, table, clock, durability);
    this.answers = new Answers(queue, completions, toll);
    this.toll = toll;
    this.acceptance = new Acceptance(log, sequencer, state, queue, answers, counters, waker);
  }

  /** From now on {@code newWaker} is called when there is something to {@link #pump}. */
  void wakeWith(Runnable newWaker) {
    waker.set(newWaker);
  }

  // ---- for callers

  /** Does a write and waits for its outcome. */
  public <R> R write(PendingWrite<R> write) {
    toll.accept(write.bytes());
    sequencer.lookUpAhead(queue);
    sequencer.lookUpAhead(write);
    lock.lock();
    try {
      state.checkOpen();
      acceptance.acceptQueued();
      acceptance.accept(write);
    } finally {
      unlockAndAnswer();
    }
    awaitOutcome(write);
    return write.result();
  }

  /**
   * Whoever forces leaves the rest to callers that are awake, and looks for these when it has given
   * up the lock. So a caller tries to take the lock once more after it has said that it sleeps.
   */
  private void awaitOutcome(PendingWrite<?> write) {
    yields.await(() -> write.isTold() || (forceIfNobodyDoes() && write.isTold()));
    write.unwatch();
    while (!write.isTold()) {
      if (!forceIfNobodyDoes()) {
        write.await();
      }
    }
  }

  /** Does a write without waiting for its outcome. */
  public <R> CompletableFuture<R> submit(PendingWrite<R> write) {
    write.detach();
    if (state.isClosing()) {
      return CompletableFuture.failedFuture(CommitErrors.closed());
    }
    if (!queue.offer(write)) {
      return CompletableFuture.failedFuture(CommitErrors.overloaded(WriteQueue.MOST_BYTES));
    }
    if (state.isClosed() && queue.remove(write)) {
      return CompletableFuture.failedFuture(CommitErrors.closed());
    }
    if (!waker.wake()) {
      pump();
    }
    return write.future();
  }

  /** Makes all that was appended before the call durable. */
  public void flush() {
    Log.Extent target = underLock(log::unforced);
    if (!underLock(() -> log.isDurable(target))) {
      forceNow();
    }
    state.checkWritable();
  }

  /** Runs something while nothing is appended or becomes visible. It must be short. */
  public <T, E extends Exception> T underLock(LockedAction<T, E> action) throws E {
    lock.lock();
    try {
      state.checkNotClosed();
      return action.run();
    } finally {
      unlockAndAnswer();
    }
  }

  /** Ends the active segment, so that all records so far lie in complete ones, durably. */
  public void roll() {
    underLock(() -> {
      state.checkWritable();
      try {
        log.rollIfNotEmpty();
        acceptance.publishReady();
      } catch (DiskFullException e) {
        throw CommitErrors.full(e);
      } catch (IOException e) {
        acceptance.breakDown(e);
        throw CommitErrors.failed(e);
      }
      return true;
    });
  }

  /** Refuses what needs a store that takes writes. */
  void checkTakesWrites() {
    state.checkOpen();
    state.checkWritable();
  }

  /** Refuses what comes when the store is being closed. */
  void checkOpen() {
    state.checkOpen();
  }

  /** How far writes are visible. */
  public Visibility visibility() {
    return sequencer.visibility();
  }

  /**
   * Where the first record begins that is appended but not visible yet; {@link
   * io.minikv.engine.segment.Location#NONE} when all are. Called under the lock.
   */
  public long firstUnpublished() {
    return sequencer.firstUnpublished();
  }

  /** Why nothing can be written any more; nothing while all is well. */
  public @Nullable Throwable failure() {
    return state.failure();
  }

  /** Whether the last write was refused for lack of space. */
  public boolean isDiskFull() {
    return state.isDiskFull();
  }

  /** Figures of the writes so far. */
  public CommitStatistics statistics() {
    return counters.statistics();
  }

  // ---- for the thread that forces on behalf of callers that do not wait

  /** Appends what is queued, and forces the log when a write waits for that. */
  void pump() {
    sequencer.lookUpAhead(queue);
    lock.lock();
    try {
      acceptance.acceptQueued();
    } finally {
      unlockAndAnswer();
    }
    while (isLeftToForce()) {
      forceNow();
    }
  }

  /** Forces what is not durable yet. */
  void forceNow() {
    forceLock.lock();
    forceAndUnlock();
  }

  private boolean forceIfNobodyDoes() {
    boolean nobody = forceLock.tryLock();
    if (nobody) {
      gathering.await(sequencer::waiting);
      forceAndUnlock();
    }
    return nobody;
  }

  /**
   * Forces, and tells the outcomes when the next force may begin: waking many callers takes as long
   * as a force.
   */
  private void forceAndUnlock() {
    List<PendingWrite<?>> answered;
    try {
      answered = force();
    } finally {
      forceLock.unlock();
    }
    wakeForRest();
    answers.tell(answered);
  }

  /** Tells in the log how much of it is durable, if that has grown. */
  void tellDurability() {
    lock.lock();
    try {
      if (!state.isWritable() || !log.hasUntoldDurability()) {
        return;
      }
      log.tellDurability();
    } catch (DiskFullException _) {
      return; // It is told when there is space again; until then the end of the log counts as torn
      // after a crash.
    } catch (IOException e) {
      acceptance.breakDown(e);
    } finally {
      unlockAndAnswer();
    }
    forceNow();
  }

  /** Whether something should be forced that no caller is going to force. */
  private boolean isLeftToForce() {
    lock.lock();
    try {
      return sequencer.isUnwatched() || (log.hasMuchUnforced() && state.isWritable());
    } finally {
      lock.unlock();
    }
  }

  /** Leaves to the commit thread what is not answered yet and watched by no caller. */
  private void wakeForRest() {
    if (!queue.isEmpty() || isLeftToForce()) {
      waker.wake();
    }
  }

  // ---- under the lock

  /** The disk failed in the background: nothing is written any more. */
  public void fail(IOException cause) {
    lock.lock();
    try {
      acceptance.breakDown(cause);
    } finally {
      unlockAndAnswer();
    }
  }

  private void unlockAndAnswer() {
    List<PendingWrite<?>> taken = lock.isHeldOnce() ? answers.take() : List.of();
    lock.unlock();
    answers.tell(taken);
  }

  // ---- forcing, under the force lock

  /** Returns the writes whose outcome is known by that. */
  private List<PendingWrite<?>> force() {
    Log.Extent extent;
    lock.lock();
    try {
      if (!state.isWritable()) {
        return List.of();
      }
      extent = log.unforced();
    } finally {
      lock.unlock();
    }
    Throwable failed = null;
    long start = System.nanoTime();
    try {
      if (!extent.isEmpty()) {
        extent.force();
        counters.countForce();
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failed = e;
    }
    lock.lock();
    try {
      if (failed != null) {
        acceptance.breakDown(failed);
      } else {
        log.markDurable(extent);
        gathering.forced(sequencer.waiting(), System.nanoTime() - start);
        counters.countForcedWrites(acceptance.publishReady());
      }
      return answers.take();
    } finally {
      lock.unlock();
    }
  }

  // ---- the end

  /** Finishes what was accepted, as far as the disk allows, and takes no more writes. */
  public void drain() {
    state.beginClosing();
    pump();
  }

  /**
   * Ends it after {@link #drain}, with what was accepted at the last moment. Nobody else pumps any
   * more.
   */
  public void stop() {
    state.beginClosing();
    while (!state.isClosed()) {
      pump();
      lock.lock();
      try {
        state.setClosed(queue.isEmpty() && !sequencer.hasUnpublished());
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Ends the log after {@link #stop}, in order unless it failed before.
   *
   * @throws IOException when that fails; the next opening recovers as after a crash
   */
  public void endLog() throws IOException {
    if (state.failure() == null) {
      log.close();
    } else {
      log.abandon();
    }
  }
}
