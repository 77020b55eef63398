package io.minikv.engine.commit;

import io.minikv.domain.Durability;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.LogFailedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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

  /** How many bytes of writes that nobody waits for may be on their way. */
  private static final long MOST_QUEUED_BYTES = 64L << 20;

  /** What a write on its way takes beside its records, in bytes, more or less. */
  private static final long WRITE_OVERHEAD = 512;

  private static final long BATCH_WAIT_NANOS = 20_000;

  /** So often a reader looks whether a batch is visible before it lets other threads run. */
  private static final int MOST_SPINS = 100;

  /** The lock of the writers: order, appending, visibility. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Held by the one who forces; taken before {@link #lock} where both are. */
  private final ReentrantLock forceLock = new ReentrantLock();

  private final Log log;
  private final WriteSequencer sequencer;
  private final Executor completions;
  private final ConcurrentLinkedQueue<PendingWrite<?>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** To be told of their outcome as soon as the lock is free; guarded by it. */
  private final List<PendingWrite<?>> answered = new ArrayList<>();

  /**
   * Wakes the thread that forces for callers that do not wait; without one they do it themselves.
   */
  private volatile @Nullable Runnable waker;

  /** The last write was refused for lack of space. */
  private volatile boolean diskFull;

  private volatile boolean closing;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong forcedWrites = new AtomicLong();

  /**
   * A pipeline to the end of a log.
   *
   * @param completions runs what callers attached to their stages
   */
  public CommitPipeline(
      Log log, EntryTable table, InstantSource clock, Durability durability, Executor completions) {
    this.log = log;
    this.sequencer = new WriteSequencer(log, table, clock, durability);
    this.completions = completions;
  }

  /** From now on {@code newWaker} is called when there is something to {@link #pump}. */
  void wakeWith(Runnable newWaker) {
    waker = newWaker;
  }

  // ---- for callers

  /** Does a write and waits for its outcome. */
  public <R> R write(PendingWrite<R> write) {
    lock.lock();
    try {
      checkOpen();
      acceptQueued();
      accept(write);
    } finally {
      unlockAndAnswer();
    }
    CompletableFuture<R> future = write.future();
    while (!future.isDone()) {
      if (forceLock.tryLock()) {
        try {
          force();
        } finally {
          forceLock.unlock();
        }
        wakeForRest();
      } else {
        awaitQuietly(future);
      }
    }
    return result(future);
  }

  /** Does a write without waiting for its outcome. */
  public <R> CompletableFuture<R> submit(PendingWrite<R> write) {
    write.detach();
    long bytes = write.bytes() + WRITE_OVERHEAD;
    if (closing) {
      return CompletableFuture.failedFuture(closedException());
    }
    long before = queuedBytes.getAndAdd(bytes);
    if (before > 0 && before + bytes > MOST_QUEUED_BYTES) {
      queuedBytes.addAndGet(-bytes);
      return CompletableFuture.failedFuture(
          new OverloadedException(
              "More than "
                  + (MOST_QUEUED_BYTES >> 20)
                  + " MiB of writes are waiting for the disk. Try again."));
    }
    queue.add(write);
    if (closed && queue.remove(write)) {
      return CompletableFuture.failedFuture(closedException());
    }
    wakeForRest();
    return write.future();
  }

  /** Makes all that was appended before the call durable. */
  public void flush() {
    Log.Extent target = underLock(log::unforced);
    forceLock.lock();
    try {
      if (!underLock(() -> log.isDurable(target))) {
        force();
      }
    } finally {
      forceLock.unlock();
    }
    if (failure != null) {
      throw notWritable();
    }
  }

  /** Runs something while nothing is appended or becomes visible. It must be short. */
  public <T, E extends Exception> T underLock(Action<T, E> action) throws E {
    lock.lock();
    try {
      checkNotClosed();
      return action.run();
    } finally {
      unlockAndAnswer();
    }
  }

  /** Ends the active segment, so that all records so far lie in complete ones, durably. */
  public void roll() {
    underLock(() -> {
      if (failure != null) {
        throw notWritable();
      }
      try {
        log.rollIfNotEmpty();
        sequencer.publishReady(answered);
      } catch (DiskFullException e) {
        throw diskFull(e);
      } catch (IOException e) {
        breakDown(e);
        throw notWritable();
      }
      return true;
    });
  }

  /** The sequence number of the last write that is visible. */
  public long visibleSequence() {
    return sequencer.visibleSequence();
  }

  /** Waits until no batch of several keys is becoming visible, which takes a moment. */
  public void awaitWholeBatches() {
    for (int spins = 0; (sequencer.batchStamp() & 1) != 0; spins++) {
      if (spins < MOST_SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, BATCH_WAIT_NANOS);
      }
    }
  }

  /** Counts the batches of several keys that became visible, twice each; odd while one does. */
  public long batchStamp() {
    return sequencer.batchStamp();
  }

  /** Why nothing can be written any more; nothing while all is well. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Whether the last write was refused for lack of space. */
  public boolean isDiskFull() {
    return diskFull;
  }

  /** Figures of the writes so far. */
  public CommitStatistics statistics() {
    return new CommitStatistics(writes.get(), records.get(), forces.get(), forcedWrites.get());
  }

  // ---- for the thread that forces on behalf of callers that do not wait

  /** Appends what is queued, and forces the log when a write waits for that. */
  void pump() {
    lock.lock();
    try {
      acceptQueued();
    } finally {
      unlockAndAnswer();
    }
    while (hasUnpublished()) {
      forceNow();
    }
  }

  /** Forces what is not durable yet. */
  void forceNow() {
    forceLock.lock();
    try {
      force();
    } finally {
      forceLock.unlock();
    }
  }

  /** Tells in the log how much of it is durable, if that has grown. */
  void tellDurability() {
    lock.lock();
    try {
      if (closed || failure != null || !log.hasUntoldDurability()) {
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

  private boolean hasUnpublished() {
    lock.lock();
    try {
      return sequencer.hasUnpublished();
    } finally {
      lock.unlock();
    }
  }

  private void wakeForRest() {
    Runnable current = waker;
    if (current != null) {
      if (!queue.isEmpty() || hasUnpublished()) {
        current.run();
      }
    } else if (!queue.isEmpty()) {
      pump();
    }
  }

  // ---- under the lock

  private void acceptQueued() {
    for (PendingWrite<?> write = queue.poll(); write != null; write = queue.poll()) {
      accept(write);
    }
  }

  private void accept(PendingWrite<?> write) {
    if (failure != null) {
      refuse(write, notWritable());
      return;
    }
    try {
      boolean done = sequencer.accept(write);
      diskFull = false;
      if (done) {
        count(write);
        answered.add(write);
      } else if (failure != null) {
        breakDown(failure); // The log failed behind this write, in what was done for the next one.
      } else {
        publishReady();
      }
    } catch (DiskFullException e) {
      diskFull = true;
      refuse(write, diskFull(e));
      publishReady(); // The log may have gone on in a new segment, which made all before durable.
    } catch (LogFailedException e) {
      breakDown(e);
      refuse(write, outcomeUnknown(e));
    } catch (IOException e) {
      acceptFailed(write, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      breakDown(e);
      refuse(write, outcomeUnknown(e));
    }
  }

  /** Something could not be read: before anything was appended that concerns this write alone. */
  private void acceptFailed(PendingWrite<?> write, IOException cause) {
    if (write.hasWritten()) {
      breakDown(cause);
      refuse(write, outcomeUnknown(cause));
    } else {
      refuse(
          write,
          new NotWritableException(
              NotWritableException.Reason.DISK_FAILED,
              "What is stored under the key could not be read: " + cause.getMessage(),
              cause));
    }
  }

  private void refuse(PendingWrite<?> write, StoreException reason) {
    write.fail(reason);
    answered.add(write);
  }

  private void publishReady() {
    try {
      int before = answered.size();
      sequencer.publishReady(answered);
      for (PendingWrite<?> write : answered.subList(before, answered.size())) {
        count(write);
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      breakDown(e);
    }
  }

  private void count(PendingWrite<?> write) {
    if (!write.isRefused()) {
      writes.incrementAndGet();
      records.addAndGet(write.recordCount());
    }
  }

  /**
   * The log must not be written any more; all that is not visible ends with an unknown outcome.
   * Called under the lock.
   */
  private void breakDown(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    List<PendingWrite<?>> abandoned = new ArrayList<>();
    sequencer.abandon(abandoned);
    for (PendingWrite<?> write : abandoned) {
      refuse(write, outcomeUnknown(cause));
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
    List<PendingWrite<?>> ready = List.of();
    if (lock.getHoldCount() == 1 && !answered.isEmpty()) {
      ready = List.copyOf(answered);
      answered.clear();
    }
    lock.unlock();
    answer(ready);
  }

  private void answer(List<PendingWrite<?>> ready) {
    List<PendingWrite<?>> detached = new ArrayList<>(0);
    for (PendingWrite<?> write : ready) {
      if (write.isDetached()) {
        queuedBytes.addAndGet(-(write.bytes() + WRITE_OVERHEAD));
        detached.add(write);
      } else {
        write.complete();
      }
    }
    if (!detached.isEmpty()) {
      completions.execute(() -> detached.forEach(PendingWrite::complete));
    }
  }

  // ---- forcing, under the force lock

  private void force() {
    Log.Extent extent;
    lock.lock();
    try {
      if (closed || failure != null) {
        return;
      }
      extent = log.unforced();
    } finally {
      lock.unlock();
    }
    Throwable failed = force(extent);
    lock.lock();
    try {
      if (failed != null) {
        breakDown(failed);
      } else {
        log.markDurable(extent);
        int before = answered.size();
        publishReady();
        forcedWrites.addAndGet(answered.size() - before);
      }
    } finally {
      unlockAndAnswer();
    }
  }

  private @Nullable Throwable force(Log.Extent extent) {
    if (extent.isEmpty()) {
      return null;
    }
    try {
      extent.force();
      forces.incrementAndGet();
      return null;
    } catch (MappingClosedException _) {
      return null; // The segment was ended meanwhile, which forced all of it.
    } catch (IOException e) {
      return new LogFailedException("Forcing the log to disk failed", e);
    } catch (RuntimeException | OutOfMemoryError e) {
      return e;
    }
  }

  // ---- the end

  /**
   * Finishes what was accepted, as far as the disk allows, and accepts nothing more. Nobody else
   * pumps any more.
   */
  public void stop() {
    closing = true;
    while (!closed) {
      pump();
      lock.lock();
      try {
        closed = queue.isEmpty() && !sequencer.hasUnpublished();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Ends the log in order after {@link #stop}, unless it failed before.
   *
   * @throws IOException when that fails; the next opening recovers as after a crash
   */
  public void endLog() throws IOException {
    if (failure == null) {
      log.close();
    }
  }

  private void checkOpen() {
    if (closing) {
      throw closedException();
    }
  }

  private void checkNotClosed() {
    if (closed) {
      throw closedException();
    }
  }

  /** What every call gets after the end. */
  public static StoreClosedException closedException() {
    return new StoreClosedException("The store is closed.");
  }

  private NotWritableException notWritable() {
    Throwable cause = failure;
    return new NotWritableException(
        NotWritableException.Reason.DISK_FAILED,
        "The store takes no writes since the disk failed ("
            + (cause == null ? "unknown" : cause.getMessage())
            + "). Reads go on. Repair the disk, then open the store again.",
        cause);
  }

  private static NotWritableException diskFull(DiskFullException cause) {
    return new NotWritableException(
        NotWritableException.Reason.DISK_FULL,
        "The disk is full (" + cause.getMessage() + "). Writes go on when there is space again.",
        cause);
  }

  private static OutcomeUnknownException outcomeUnknown(Throwable cause) {
    return new OutcomeUnknownException(
        "The disk failed during the write ("
            + cause.getMessage()
            + "). Whether it happened shows after the store is opened again.",
        cause);
  }

  private static void awaitQuietly(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      // The caller gets it from the future.
    }
  }

  private static <R> R result(CompletableFuture<R> future) {
    Throwable failed = future.isCompletedExceptionally() ? future.exceptionNow() : null;
    if (failed instanceof StoreException expected) {
      expected.fillInStackTrace();
      throw expected;
    }
    return future.join();
  }

  /** Something to run under the lock. */
  @FunctionalInterface
  public interface Action<T, E extends Exception> {

    /** Runs it. */
    T run() throws E;
  }
}
