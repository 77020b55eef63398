package io.minikv.engine.read;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Gives a view back when its cursor is closed, or was dropped without that, which is told. Knows
 * nothing of the cursor, so that it can outlive it.
 */
final class LeakGuard implements Runnable {

  private final Closeable view;
  private final Runnable onLeak;
  private volatile boolean closed;

  LeakGuard(Closeable view, Runnable onLeak) {
    this.view = view;
    this.onLeak = onLeak;
  }

  /** The cursor was closed as it should be. */
  void markClosed() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void run() {
    if (!closed) {
      onLeak.run();
    }
    try {
      view.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
