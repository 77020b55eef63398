package io.minikv.engine.io;

/** Faults of accesses to mapped memory, behind the end of a file that became shorter. */
final class Faults {

  /** A short way round: see {@link #deliver()}. */
  private static final int[] ROUNDABOUT = {1, 2, 3, 0};

  private Faults() {}

  /**
   * Lets a fault of the memory accesses before it surface here, as an {@link InternalError}. The
   * JVM reports it not at the access but at the next safepoint poll of the thread, which may be in
   * the caller, long after garbage was returned. A loop whose end the compiler cannot foresee has
   * such a poll in every round.
   */
  static void deliver() {
    int next = 0;
    do {
      next = ROUNDABOUT[next];
    } while (next != 0);
  }
}
