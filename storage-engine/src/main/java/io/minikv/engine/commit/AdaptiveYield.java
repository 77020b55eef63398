package io.minikv.engine.commit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Waits by letting other threads run, for what others are about to do: as long as they are quick,
 * that costs less than to be put to sleep and woken, and whoever does it need not wake anybody.
 * When it takes long, because the disk is slow or threads that compute have the processors, it is
 * left out for a while, each time for longer, so that its callers go to sleep at once.
 *
 * <p>Thread-safe.
 */
final class AdaptiveYield {

  /** They cost a processor about as much as some sleeps, when nobody else needs it. */
  static final int MOST_YIELDS = 50;

  /** Longer than some forces of many writes take. */
  static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  static final int FEWEST_LEFT_OUT = 16;
  static final int MOST_LEFT_OUT = 4096;

  private final LongSupplier nanoTime;
  private final Runnable yield;

  /** How many of the next waits are left out. */
  private final AtomicInteger leftOut = new AtomicInteger();

  /** How many are left out after the next one that takes long. */
  private volatile int nextLeftOut = FEWEST_LEFT_OUT;

  AdaptiveYield() {
    this(System::nanoTime, Thread::yield);
  }

  AdaptiveYield(LongSupplier nanoTime, Runnable yield) {
    this.nanoTime = nanoTime;
    this.yield = yield;
  }

  /**
   * Waits a little until something is done.
   *
   * @param done whether it is; may do it
   */
  void await(BooleanSupplier done) {
    if (leftOut.get() > 0 && leftOut.getAndDecrement() > 0) {
      return;
    }
    long start = nanoTime.getAsLong();
    for (int yields = 0; yields < MOST_YIELDS; yields++) {
      if (done.getAsBoolean()) {
        wasQuick();
        return;
      }
      yield.run();
      if (nanoTime.getAsLong() - start >= MOST_NANOS) {
        wasSlow();
        return;
      }
    }
  }

  private void wasQuick() {
    if (nextLeftOut != FEWEST_LEFT_OUT) {
      nextLeftOut = FEWEST_LEFT_OUT;
    }
  }

  /** Once for all threads that the same thing held up. */
  private void wasSlow() {
    int count = nextLeftOut;
    if (leftOut.get() <= 0 && leftOut.getAndSet(count) <= 0) {
      nextLeftOut = Math.min(2 * count, MOST_LEFT_OUT);
    }
  }
}
