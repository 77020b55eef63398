package io.minikv.engine.commit;

import org.jspecify.annotations.Nullable;

/** Wakes the thread that forces for callers that do not wait, if there is one. Thread-safe. */
final class Waker {

  private volatile @Nullable Runnable waker;

  void set(Runnable newWaker) {
    waker = newWaker;
  }

  /** Wakes it; false when there is none, so that callers do its work themselves. */
  boolean wake() {
    Runnable current = waker;
    if (current == null) {
      return false;
    }
    current.run();
    return true;
  }
}
