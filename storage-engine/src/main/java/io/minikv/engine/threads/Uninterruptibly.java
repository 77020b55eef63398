package io.minikv.engine.threads;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting that an interrupt does not end: the interrupt status is kept for whoever asks for it. */
public final class Uninterruptibly {

  private Uninterruptibly() {}

  /** Waits until a thread has ended. */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Sleeps until something is done. Whoever does it unparks the thread afterwards.
   *
   * @param blocker what is waited for, for tools that look at threads
   */
  public static void park(Object blocker, BooleanSupplier done) {
    boolean interrupted = false;
    while (!done.getAsBoolean()) {
      LockSupport.park(blocker);
      interrupted |= Thread.interrupted(); // As long as it is interrupted, no thread sleeps.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
