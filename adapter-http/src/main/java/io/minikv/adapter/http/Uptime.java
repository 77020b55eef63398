package io.minikv.adapter.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How long the server has been running. */
final class Uptime {

  private final InstantSource clock;
  private final Instant since;

  Uptime(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  long seconds() {
    return Math.max(0, Duration.between(since, clock.instant()).toSeconds());
  }
}
