package io.minikv.engine.commit;

import io.minikv.domain.Durability;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.LogFailedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
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

  private final Waker waker = new Waker();
  private final PipelineState state = new PipelineState();

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
      acceptQueued();
      accept(write);
    } finally {
      unlockAndAnswer();
    }
    CompletableFuture<R> future = write.future();
    while (!future.isDone()) {
      if (!forceIfNobodyDoes()) {
        write.await();
      }
    }
    return write.result();
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
        publishReady();
      } catch (DiskFullException e) {
        throw CommitErrors.full(e);
      } catch (IOException e) {
        breakDown(e);
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
      acceptQueued();
    } finally {
      unlockAndAnswer();
    }
    while (needsForce()) {
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
      breakDown(e);
    } finally {
      unlockAndAnswer();
    }
    forceNow();
  }

  private boolean needsForce() {
    lock.lock();
    try {
      return sequencer.hasUnpublished() || (log.hasMuchUnforced() && state.isWritable());
    } finally {
      lock.unlock();
    }
  }

  /** Leaves what is not answered yet to the commit thread. */
  private void wakeForRest() {
    if (!queue.isEmpty() || needsForce()) {
      waker.wake();
    }
  }

  // ---- under the lock

  /** Accepts what is queued, up to a write that was queued too late to be looked up ahead. */
  private void acceptQueued() {
    for (PendingWrite<?> write = queue.pollLookedUp();
        write != null;
        write = queue.pollLookedUp()) {
      accept(write);
    }
  }

  private void accept(PendingWrite<?> write) {
    Throwable failed = state.failure();
    if (failed != null) {
      answers.refuse(write, CommitErrors.failed(failed));
      return;
    }
    try {
      boolean done = sequencer.accept(write);
      if (log.hasMuchUnforced()) {
        waker.wake(); // So that the end of the segment finds little that is left to force.
      }
      if (!write.mayUseReserve()) { // A write that may tells nothing of the others.
        state.setDiskFull(false);
      }
      failed = state.failure();
      if (done) {
        counters.countWrite(write);
        answers.add(write);
      } else if (failed != null) {
        breakDown(failed); // The log failed behind this write, in what was done for the next one.
      } else {
        publishReady();
      }
    } catch (DiskFullException e) {
      state.setDiskFull(true);
      answers.refuse(write, CommitErrors.full(e));
      publishReady(); // The log may have gone on in a new segment, which made all before durable.
    } catch (LogFailedException e) {
      breakDown(e);
      answers.refuse(write, CommitErrors.outcomeUnknown(e));
    } catch (IOException e) {
      acceptFailed(write, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      breakDown(e);
      answers.refuse(write, CommitErrors.outcomeUnknown(e));
    }
  }

  /** Something could not be read: before anything was appended that concerns this write alone. */
  private void acceptFailed(PendingWrite<?> write, IOException cause) {
    if (write.hasWritten()) {
      breakDown(cause);
      answers.refuse(write, CommitErrors.outcomeUnknown(cause));
    } else {
      answers.refuse(write, CommitErrors.unreadable(cause));
    }
  }

  /** Makes visible what is durable enough; returns how many writes that were. */
  private int publishReady() {
    List<PendingWrite<?>> published = new ArrayList<>();
    try {
      sequencer.publishReady(published);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      breakDown(e);
    }
    for (PendingWrite<?> write : published) {
      counters.countWrite(write);
      answers.add(write);
    }
    return published.size();
  }

  /**
   * The log must not be written any more; all that is not visible ends with an unknown outcome.
   * Called under the lock.
   */
  private void breakDown(Throwable cause) {
    state.fail(cause);
    List<PendingWrite<?>> abandoned = new ArrayList<>();
    sequencer.abandon(abandoned);
    for (PendingWrite<?> write : abandoned) {
      answers.refuse(write, CommitErrors.outcomeUnknown(cause));
    }
  }

  /** The disk failed in the background: nothing is written any more. */
  public void fail(IOException cause) {
    lock.lock();
    try {
      breakDown(cause);
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
        breakDown(failed);
      } else {
        log.markDurable(extent);
        counters.countForcedWrites(publishReady());
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
