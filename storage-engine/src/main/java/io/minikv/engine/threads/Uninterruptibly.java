package io.minikv.engine.threads;

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
}
