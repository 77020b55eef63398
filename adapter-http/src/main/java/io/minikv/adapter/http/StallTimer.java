package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * Ends a transfer in which nothing moves for too long. For any number of threads; the action runs
 * on the I/O thread of the connection.
 *
 * <p>Undertow's own timeouts of sockets do not serve here: they also end a connection whose request
 * is merely slow to answer, and do not tell the exchange.
 */
final class StallTimer {

  private final XnioIoThread thread;
  private final Duration timeout;
  private final Runnable action;
  private XnioExecutor.@Nullable Key scheduled;
  private boolean over;

  StallTimer(HttpServerExchange exchange, Duration timeout, Runnable action) {
    this.thread = exchange.getIoThread();
    this.timeout = timeout;
    this.action = action;
  }

  /** A timer that cuts the connection of a response that its client does not read. */
  static StallTimer cutting(HttpServerExchange exchange, Duration timeout) {
    return new StallTimer(
        exchange,
        timeout,
        () -> {
          IoUtils.safeClose(exchange.getConnection());
          exchange.endExchange();
        });
  }

  /** Begins to wait, anew if it waits already. */
  synchronized void restart() {
    pause();
    if (!over) {
      scheduled = thread.executeAfter(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Something moved, and what comes next is not up to the client. */
  synchronized void pause() {
    if (scheduled != null) {
      scheduled.remove();
      scheduled = null;
    }
  }

  /** The transfer is over: does nothing from now on. */
  synchronized void stop() {
    over = true;
    pause();
  }

  private void expire() {
    synchronized (this) {
      if (over || scheduled == null) {
        return;
      }
      over = true;
    }
    action.run();
  }
}
