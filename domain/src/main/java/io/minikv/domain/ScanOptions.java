package io.minikv.domain;

import java.time.Duration;
import java.util.Optional;

/**
 * How a scan goes through its range. Immutable.
 *
 * @param direction forwards or backwards
 * @param limit how many entries at the most, from 0 on
 * @param projection whether values are wanted
 * @param maxAge how long after its opening the cursor may be used; nothing for as long as it takes
 */
public record ScanOptions(
    Direction direction, long limit, Projection projection, Optional<Duration> maxAge) {

  /** Forwards, without a limit, entries with values, for as long as it takes. */
  public static final ScanOptions DEFAULT =
      new ScanOptions(Direction.FORWARDS, Long.MAX_VALUE, Projection.ENTRIES, Optional.empty());

  /** The order in which a scan meets keys. */
  public enum Direction {
    /** The smallest key first. */
    FORWARDS,
    /** The greatest key first. */
    BACKWARDS
  }

  /** What a scan reads of each entry. */
  public enum Projection {
    /** Key, what is known of the entry, and value. */
    ENTRIES,
    /** The key and what is known of the entry; the value cannot be asked for. */
    KEYS
  }

  /**
   * Checks the ranges.
   *
   * @throws InvalidRequestException when the limit is negative or the age is not positive
   */
  public ScanOptions {
    if (limit < 0) {
      throw new InvalidRequestException(
          "The limit of a scan is a number from 0 on, not " + limit + ".");
    }
    if (maxAge.isPresent() && !maxAge.get().isPositive()) {
      throw new InvalidRequestException(
          "The maximum age of a cursor is positive, not " + maxAge.get() + ".");
    }
  }

  /** The same, the greatest key first. */
  public ScanOptions backwards() {
    return new ScanOptions(Direction.BACKWARDS, limit, projection, maxAge);
  }

  /** The same, ending after so many entries. */
  public ScanOptions limitedTo(long newLimit) {
    return new ScanOptions(direction, newLimit, projection, maxAge);
  }

  /** The same, without values. */
  public ScanOptions keysOnly() {
    return new ScanOptions(direction, limit, Projection.KEYS, maxAge);
  }

  /** The same, with a cursor that ends by itself after so long. */
  public ScanOptions withMaxAge(Duration newMaxAge) {
    return new ScanOptions(direction, limit, projection, Optional.of(newMaxAge));
  }
}
