package io.minikv.adapter.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the requests under way: refuses those beyond a limit, and all new ones once it is closed,
 * and waits for the rest. For any number of threads.
 */
final class RequestGate {

  private final int limit;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Object idle = new Object();
  private volatile boolean closed;

  RequestGate(int limit) {
    this.limit = limit;
  }

  /** Lets a request in, which must {@link #leave} exactly once, or ends it with a problem. */
  void enter() {
    int count = underWay.incrementAndGet();
    if (closed || count > limit) {
      leave();
      throw new ProblemException(closed ? draining() : overloaded());
    }
  }

  void leave() {
    if (underWay.decrementAndGet() == 0 && closed) {
      synchronized (idle) {
        idle.notifyAll();
      }
    }
  }

  boolean isClosed() {
    return closed;
  }

  int underWay() {
    return underWay.get();
  }

  /** Lets nobody in from now on. */
  void close() {
    closed = true;
  }

  /**
   * Waits, after {@link #close}, until nobody is inside.
   *
   * @return false when the deadline came first
   */
  boolean awaitIdle(Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    synchronized (idle) {
      while (underWay.get() != 0) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return false;
        }
        idle.wait(millis);
      }
      return true;
    }
  }

  private Problem overloaded() {
    return Problem.of(
            503,
            "overloaded",
            "Overloaded",
            "More than " + limit + " requests are under way. Try again in a moment.")
        .retryAfter(1);
  }

  private static Problem draining() {
    return Problem.of(
            503,
            "draining",
            "Shutting down",
            "The server is shutting down and takes no new requests.")
        .with("Connection", "close")
        .retryAfter(5);
  }
}
