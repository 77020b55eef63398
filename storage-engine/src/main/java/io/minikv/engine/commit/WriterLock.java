package io.minikv.engine.commit;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for less time than it takes to put a thread to sleep and wake it: who finds
 * it taken looks again for a while before that. Reentrant.
 */
final class WriterLock {

  /** Some microseconds. */
  private static final int MOST_SPINS = 100;

  private final ReentrantLock lock = new ReentrantLock();

  /** Waits until nobody else holds it. */
  void lock() {
    for (int spins = 0; spins < MOST_SPINS; spins++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** Ends one {@link #lock}. */
  void unlock() {
    lock.unlock();
  }

  /** Whether the next {@link #unlock} gives it free; asked by the one who holds it. */
  boolean isHeldOnce() {
    return lock.getHoldCount() == 1;
  }
}
