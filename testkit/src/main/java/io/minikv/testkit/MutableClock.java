package io.minikv.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MutableClock implements InstantSource {

  private volatile Instant now;

  /** Stands at the beginning of 2025. */
  public MutableClock() {
    this(Instant.parse("2025-01-01T00:00:00Z"));
  }

  /** Stands at an instant. */
  public MutableClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves it by a duration, backwards when that is negative. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** Moves it to an instant. */
  public synchronized void set(Instant instant) {
    now = instant;
  }
}
