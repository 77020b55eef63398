package io.minikv.engine.commit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Waits by letting other threads run, for what others are about to do: as long as they are quick,
 * that costs less than to be put to sleep and woken, and whoever does it need not wake anybody.
 * When threads that compute have the processors, a thread that yields gets its own back only after
 * their time slices. Then it is left out for a while, for longer the more often that is seen.
 *
 * <p>Thread-safe.
 */
final class AdaptiveYield {

  /** They cost a processor about as much as some sleeps, when nobody else needs it. */
  static final int MOST_YIELDS = 50;

  /** Less than a time slice of a thread that computes, more than many writers take. */
  static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  static final int FEWEST_LEFT_OUT = 16;
  static final int MOST_LEFT_OUT = 4096;

  /** A slow wait counts as much as two quick ones. */
  static final int GROWTH = 4;

  private final LongSupplier nanoTime;
  private final Runnable yield;

  /** How many of the next waits are left out. */
  private final AtomicInteger leftOut = new AtomicInteger();

  /** How many are left out after the next slow one. */
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
    await(done, MOST_YIELDS, Long.MAX_VALUE);
  }

  /** Waits until something is done, for no longer than a time. */
  void await(BooleanSupplier done, long mostNanos) {
    await(done, Integer.MAX_VALUE, mostNanos);
  }

  private void await(BooleanSupplier done, int mostYields, long mostNanos) {
    if (done.getAsBoolean() || isLeftOut()) {
      return;
    }
    long start = nanoTime.getAsLong();
    long before = start;
    for (int yields = 0; yields < mostYields && before - start < mostNanos; yields++) {
      yield.run();
      long now = nanoTime.getAsLong();
      if (now - before >= SLOW_NANOS) {
        wasSlow();
        return;
      }
      if (done.getAsBoolean()) {
        wasQuick();
        return;
      }
      before = now;
    }
  }

  private boolean isLeftOut() {
    return leftOut.get() > 0 && leftOut.getAndDecrement() > 0;
  }

  private void wasQuick() {
    int count = nextLeftOut;
    if (count > FEWEST_LEFT_OUT) {
      nextLeftOut = count / 2;
    }
  }

  /** Once for all threads that the same thing held up. */
  private void wasSlow() {
    int count = nextLeftOut;
    if (leftOut.get() <= 0 && leftOut.getAndSet(count) <= 0) {
      nextLeftOut = Math.min(GROWTH * count, MOST_LEFT_OUT);
    }
  }
}
