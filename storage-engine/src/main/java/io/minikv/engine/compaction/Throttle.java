package io.minikv.engine.compaction;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds a writer up so that it writes no more than a rate: a token bucket that holds what may be
 * written in a tenth of a second. For one thread.
 */
final class Throttle {

  private static final long BURST_NANOS = 100_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private final LongConsumer waiter;

  /** When all that was written so far is paid for. */
  private long paidAtNanos;

  /**
   * A throttle.
   *
   * @param bytesPerSecond the rate; 0 for none
   * @param waiter waits for so many nanoseconds, or less when there is a reason not to
   */
  Throttle(long bytesPerSecond, LongSupplier nanoTime, LongConsumer waiter) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.waiter = waiter;
    this.paidAtNanos = nanoTime.getAsLong();
  }

  /** So many bytes were written: waits until they are paid for. */
  void pay(long bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - paidAtNanos > BURST_NANOS) {
      paidAtNanos = now - BURST_NANOS;
    }
    paidAtNanos += (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    if (paidAtNanos - now > 0) {
      waiter.accept(paidAtNanos - now);
    }
  }
}
