package io.minikv.engine.commit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How far writes are visible. Readers use it without a lock; it is changed under the lock of the
 * writers.
 *
 * <p>Thread-safe.
 */
public final class Visibility {

  /** So often a reader looks whether a batch is visible before it lets other threads run. */
  private static final int MOST_SPINS = 100;

  private static final long WAIT_NANOS = 20_000;

  private volatile long sequence;

  /**
   * Counts the beginnings and the ends of batches of several keys: odd while one becomes visible.
   */
  private final AtomicLong batchStamp = new AtomicLong();

  Visibility(long sequence) {
    this.sequence = sequence;
  }

  /** The sequence number of the last write that is visible. */
  public long sequence() {
    return sequence;
  }

  /** Counts the batches of several keys that became visible, twice each; odd while one does. */
  public long batchStamp() {
    return batchStamp.get();
  }

  /** Waits until no batch of several keys is becoming visible, which takes a moment. */
  public void awaitWholeBatches() {
    for (int spins = 0; (batchStamp.get() & 1) != 0; spins++) {
      if (spins < MOST_SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, WAIT_NANOS);
      }
    }
  }

  void advanceTo(long newSequence) {
    sequence = newSequence;
  }

  void beginBatch() {
    batchStamp.incrementAndGet();
  }

  void endBatch() {
    batchStamp.incrementAndGet();
  }
}
