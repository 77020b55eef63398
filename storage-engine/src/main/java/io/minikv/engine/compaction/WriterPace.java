package io.minikv.engine.compaction;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Slows writers down, little by little, when compactions cannot keep up with them and the store
 * nears the space that it may take. Without that a writer that never pauses fills the disk with
 * what it overwrites.
 *
 * <p>All writers together may write at a rate: any while there is more than a margin of space left,
 * then the less, the less there is, but never less than a part of the rate at which compactions
 * give space back. Who writes no faster than that does not wait, so that a store that is mostly
 * read is not slowed down for what was overwritten before. Both meet at the rate of the
 * compactions, and no write waits for long. Each write takes from the space that is left; each
 * group of a compaction measures it anew. Thread-safe.
 */
public final class WriterPace {

  /** When there is no space left, unless compactions are fast: 5 MB a second are written then. */
  private static final double NANOS_PER_BYTE_AT_THE_END = 200;

  /** Writers may always write a byte while compactions give so many back. */
  private static final int BYTES_BACK_PER_BYTE = 4;

  /** Compactions take so long to give a byte back, until that was measured: 125 MB/s. */
  private static final double FIRST_NANOS_PER_BYTE_BACK = 8;

  /** Less than this part of the margin does not tell how fast compactions are. */
  private static final int LEAST_MEASURED_PART = 8;

  /** Shorter waits are saved up, as the system cannot wait for less than some 50 microseconds. */
  private static final long LEAST_WAIT_NANOS = 200_000;

  /** However far the space is exceeded, no write waits for longer. */
  private static final long LONGEST_WAIT_NANOS = 2_000_000;

  private final long margin;
  private final LongSupplier nanoTime;
  private final LongConsumer waiter;
  private final AtomicLong left = new AtomicLong();

  /** When all that was written so far is paid for. */
  private final AtomicLong paidAtNanos;

  private final AtomicBoolean waited = new AtomicBoolean();
  private volatile double dearestNanosPerByte = BYTES_BACK_PER_BYTE * FIRST_NANOS_PER_BYTE_BACK;
  private volatile boolean behind;

  /**
   * For a store.
   *
   * @param margin how many bytes there must be left for writers to be free
   * @param nanoTime a clock that never goes back, in nanoseconds
   * @param waiter waits for so many nanoseconds
   */
  public WriterPace(long margin, LongSupplier nanoTime, LongConsumer waiter) {
    this.margin = margin;
    this.nanoTime = nanoTime;
    this.waiter = waiter;
    this.paidAtNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /** Compactions have work to do, and the store may take so many bytes more meanwhile. */
  void behind(long bytesLeft) {
    left.set(bytesLeft);
    behind = true;
  }

  /** A compaction has worked for so long, and so many bytes came back. */
  void gaveBack(long bytes, long nanos) {
    if (bytes >= Math.max(1, margin / LEAST_MEASURED_PART)) {
      dearestNanosPerByte = (double) BYTES_BACK_PER_BYTE * nanos / bytes;
    }
  }

  /** Compactions have nothing to do. */
  void caughtUp() {
    behind = false;
  }

  /** Whether a writer has waited since this was asked for the last time. */
  boolean hasHeldWriters() {
    return waited.compareAndSet(true, false);
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
    double price = Math.min(NANOS_PER_BYTE_AT_THE_END * missing / margin, dearestNanosPerByte);
    long wait = owe((long) (bytes * price));
    if (wait >= LEAST_WAIT_NANOS) {
      waited.set(true);
      waiter.accept(wait);
    }
  }

  /**
   * Adds to what is owed, as far as one write can wait for it: many at once would owe ever more.
   *
   * @return for how long to wait until all of that is paid for
   */
  private long owe(long nanos) {
    long now = nanoTime.getAsLong();
    long price = Math.min(nanos, LONGEST_WAIT_NANOS);
    long paidAt =
        paidAtNanos.updateAndGet(
            paid -> now + Math.min(Math.max(paid - now, 0) + price, LONGEST_WAIT_NANOS));
    return paidAt - now;
  }
}
