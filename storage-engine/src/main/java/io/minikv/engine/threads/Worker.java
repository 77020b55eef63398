package io.minikv.engine.threads;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A platform thread that works whenever it is woken, and after each pause. An interrupt wakes it
 * once, and ends nothing. A call to {@link #wake} is kept until work begins again: the permit of
 * {@link LockSupport} alone would be used up by a lock that the work before it waits for.
 */
public final class Worker implements AutoCloseable {

  private final LongSupplier pauseNanos;
  private final Runnable work;
  private final Thread thread;
  private volatile boolean woken;
  private volatile boolean stopping;

  /**
   * Starts the thread, with a pause.
   *
   * @param pauseNanos for how long to pause now, in nanoseconds
   * @param work must not throw
   */
  public Worker(String name, LongSupplier pauseNanos, Runnable work) {
    this.pauseNanos = pauseNanos;
    this.work = work;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  private void run() {
    while (!stopping) {
      if (!woken) {
        LockSupport.parkNanos(this, pauseNanos.getAsLong());
      }
      woken = false;
      Thread.interrupted(); // As long as a thread is interrupted, no pause lasts.
      if (!stopping) {
        work.run();
      }
    }
  }

  /** Ends the pause, or leaves out the next one. */
  public void wake() {
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread when its work does, and waits for that. */
  @Override
  public void close() {
    stopping = true;
    wake();
    Uninterruptibly.join(thread);
  }
}
