package io.minikv.benchmarks.kit;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that does nothing but sleep for a millisecond, again and again, and notes how much later
 * it ran again: the pauses that the machine and the JVM put on any thread (after jHiccup by Gil
 * Tene).
 */
public final class Hiccups implements AutoCloseable {

  private static final long SLEEP_NANOS = 1_000_000;

  private final Thread thread = Thread.ofPlatform().name("hiccups").daemon().unstarted(this::run);
  private volatile long worstNanos;
  private volatile boolean stopping;

  /** Begins. */
  public static Hiccups start() {
    Hiccups hiccups = new Hiccups();
    hiccups.thread.start();
    return hiccups;
  }

  private void run() {
    while (!stopping) {
      long from = System.nanoTime();
      LockSupport.parkNanos(this, SLEEP_NANOS);
      worstNanos = Math.max(worstNanos, System.nanoTime() - from - SLEEP_NANOS);
    }
  }

  /** The longest pause so far. */
  public long worstNanos() {
    return worstNanos;
  }

  @Override
  public void close() {
    stopping = true;
  }
}
