package io.minikv.engine.compaction;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Slows writers down, little by little, when compactions cannot keep up with them and the store
 * nears the space that it may take. Without that a writer that never pauses fills the disk with
 * what it overwrites.
 *
 * <p>Writers pay for each byte with time: nothing while there is more than a margin of space left,
 * then the more, the less there is. So both meet at the rate of the compactions, and no write waits
 * for long. Each write takes from the space that is left; each group of a compaction measures it
 * anew. Thread-safe.
 */
public final class WriterPace {

  /** When there is no space left: 10 MB a second are written then. */
  private static final double NANOS_PER_BYTE_AT_THE_END = 100;

  /** Shorter waits are saved up, as the system cannot wait for less than some 50 microseconds. */
  private static final long LEAST_WAIT_NANOS = 200_000;

  /** However far the space is exceeded, no write waits for longer. */
  private static final long LONGEST_WAIT_NANOS = 2_000_000;

  private final long margin;
  private final LongConsumer waiter;
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong owedNanos = new AtomicLong();
  private volatile boolean behind;

  /**
   * For a store.
   *
   * @param margin how many bytes there must be left for writers to be free
   * @param waiter waits for so many nanoseconds
   */
  public WriterPace(long margin, LongConsumer waiter) {
    this.margin = margin;
    this.waiter = waiter;
  }

  /** Compactions have work to do, and the store may take so many bytes more meanwhile. */
  void behind(long bytesLeft) {
    left.set(bytesLeft);
    behind = true;
  }

  /** Compactions have nothing to do. */
  void caughtUp() {
    behind = false;
  }

  /** Waits for as long as a write of so many bytes costs, if it costs anything. */
  public void pay(long bytes) {
    if (!behind) {
      return;
    }
    long missing = margin - left.addAndGet(-bytes);
    if (missing <= 0) {
      return;
    }
    double nanos = bytes * NANOS_PER_BYTE_AT_THE_END * missing / margin;
    long owed = owedNanos.addAndGet((long) Math.min(nanos, LONGEST_WAIT_NANOS));
    if (owed >= LEAST_WAIT_NANOS && owedNanos.compareAndSet(owed, 0)) {
      waiter.accept(Math.min(owed, LONGEST_WAIT_NANOS));
    }
  }
}
