package io.minikv.engine.threads;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets other threads run now and then. A thread in the background that computes for long keeps its
 * processor until its time slice ends, which is some milliseconds; when more threads are busy than
 * there are processors, a caller's write waits for that. For one thread.
 */
public final class Breather {

  static final long WORK_NANOS = 500_000;

  /** The system makes some 100 microseconds of it. */
  static final long REST_NANOS = 50_000;

  /** So many steps are taken between two looks at the clock. */
  static final int STEPS_AT_ONCE = 64;

  private final long restNanos;
  private final BooleanSupplier hurries;
  private final LongSupplier nanoTime;
  private final LongConsumer pause;
  private long restedAtNanos;
  private long restedNanos;
  private int steps;

  Breather(long restNanos, BooleanSupplier hurries, LongSupplier nanoTime, LongConsumer pause) {
    this.restNanos = restNanos;
    this.hurries = hurries;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.restedAtNanos = nanoTime.getAsLong();
  }

  /** For a thread in the background. */
  public static Breather resting() {
    return new Breather(REST_NANOS, () -> false, System::nanoTime, LockSupport::parkNanos);
  }

  /**
   * For a thread in the background with time on its hands: it rests about as long as it works.
   *
   * @param hurries asked when it is time for a rest: whether it goes on without
   */
  public static Breather unhurried(BooleanSupplier hurries) {
    return new Breather(WORK_NANOS, hurries, System::nanoTime, LockSupport::parkNanos);
  }

  /** For a thread that somebody waits for: it never rests. */
  public static Breather restless() {
    return new Breather(0, () -> true, System::nanoTime, LockSupport::parkNanos);
  }

  /** A step of less than some microseconds is done; takes a rest when it is time. */
  public void breathe() {
    if (++steps % STEPS_AT_ONCE == 0) {
      breatheNow();
    }
  }

  /** Some dozen such steps are done; takes a rest when it is time. */
  public void breatheNow() {
    long now = nanoTime.getAsLong();
    if (now - restedAtNanos < WORK_NANOS) {
      return;
    }
    if (hurries.getAsBoolean()) {
      restedAtNanos = now;
    } else {
      rest();
    }
  }

  /** Takes a rest, whenever the last one was. */
  public void rest() {
    long since = nanoTime.getAsLong();
    pause.accept(restNanos);
    restedAtNanos = nanoTime.getAsLong();
    restedNanos += restedAtNanos - since;
  }

  /** For how long it has rested, in nanoseconds. */
  public long restedNanos() {
    return restedNanos;
  }
}
