package io.minikv.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * When an entry stops being there by itself. From that instant of the store's clock on it is gone
 * for every reader, every condition and every count; its space comes back later.
 */
public sealed interface Expiry {

  /** The entry stays until it is deleted. */
  static Expiry never() {
    return Never.NEVER;
  }

  /**
   * A time to live that begins with the write.
   *
   * @throws InvalidRequestException when it is shorter than a millisecond or longer than 100 years
   */
  static Expiry after(Duration timeToLive) {
    return new After(timeToLive);
  }

  /**
   * A fixed instant, in milliseconds; one in the past is allowed and makes the entry absent at
   * once.
   *
   * @throws InvalidRequestException when it lies before 1970 or after 2200
   */
  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /** See {@link Expiry#never()}. */
  enum Never implements Expiry {
    /** The only one. */
    NEVER
  }

  /**
   * See {@link Expiry#after(Duration)}.
   *
   * @param timeToLive 1 ms to 100 years
   */
  record After(Duration timeToLive) implements Expiry {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_525);

    /** Checks the range. */
    public After {
      if (timeToLive.compareTo(SHORTEST) < 0 || timeToLive.compareTo(LONGEST) > 0) {
        throw new InvalidRequestException(
            "A time to live is at least 1 ms and at most 100 years, not " + timeToLive + ".");
      }
    }
  }

  /**
   * See {@link Expiry#at(Instant)}.
   *
   * @param instant 1970 to 2200
   */
  record At(Instant instant) implements Expiry {

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /** Checks the range. */
    public At {
      if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
        throw new InvalidRequestException(
            "An entry can expire between 1970 and 2200, not at " + instant + ".");
      }
    }
  }
}
