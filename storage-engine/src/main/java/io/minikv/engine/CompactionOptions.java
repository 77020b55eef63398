package io.minikv.engine;

import io.minikv.domain.InvalidRequestException;
import java.time.Duration;

/**
 * When a store compacts by itself, and how fast any compaction may write. Immutable.
 *
 * @param interval how often the store looks whether a compaction is worth it; it also looks
 *     whenever a segment is complete. 0 for never: then {@link
 *     io.minikv.domain.maintenance.StoreMaintenance#compact} alone gives space back; else 1 ms to 1
 *     year. Default 1 minute
 * @param threshold so many complete segments there are at least before it does to give space back;
 *     1 to 1,000,000. Default 5: a small store is left alone, unless scans have paid for records in
 *     the order of their keys
 * @param deadRatio which part of a segment is overwritten, deleted or expired at least when it is
 *     taken; 0.05 to 0.95. Default 0.4: the store takes at most live data / (1 - 0.4) and some
 *     segments. A lower one saves space; a higher one saves writes, as each byte that comes back
 *     costs up to (1 - ratio) / ratio bytes of copies
 * @param bytesPerSecond how much compactions write at most; 0 for as much as the disk takes; else
 *     64 KiB at least. Default 0: writers that wait for their writes are slowed down instead when
 *     the store nears twice its live data and two segments. A limit keeps the disk free for others;
 *     when it is too low for what is overwritten, the store grows
 */
public record CompactionOptions(
    Duration interval, int threshold, double deadRatio, long bytesPerSecond) {

  /** The defaults. */
  public static final CompactionOptions DEFAULT =
      new CompactionOptions(Duration.ofMinutes(1), 5, 0.4, 0);

  /** Compacts only when it is asked to. */
  public static final CompactionOptions ON_DEMAND = DEFAULT.withInterval(Duration.ZERO);

  private static final int MOST_SEGMENTS = 1_000_000;
  private static final double LEAST_RATIO = 0.05;
  private static final double GREATEST_RATIO = 0.95;
  private static final long LEAST_BYTES_PER_SECOND = 64L << 10;

  /**
   * Checks the ranges.
   *
   * @throws InvalidRequestException when one is out of range
   */
  public CompactionOptions {
    boolean intervalFits =
        interval.compareTo(Duration.ofMillis(1)) >= 0
            && interval.compareTo(Duration.ofDays(365)) <= 0;
    if (!interval.isZero() && !intervalFits) {
      throw new InvalidRequestException(
          "The interval of compactions is 0 or lies between 1 ms and 365 days, not at "
              + interval
              + ".");
    }
    if (threshold < 1 || threshold > MOST_SEGMENTS) {
      throw new InvalidRequestException(
          "The threshold of compactions lies between 1 and 1000000 segments, not at "
              + threshold
              + ".");
    }
    if (!(deadRatio >= LEAST_RATIO && deadRatio <= GREATEST_RATIO)) {
      throw new InvalidRequestException(
          "The dead ratio of compactions lies between 0.05 and 0.95, not at " + deadRatio + ".");
    }
    if (bytesPerSecond != 0 && bytesPerSecond < LEAST_BYTES_PER_SECOND) {
      throw new InvalidRequestException(
          "Compactions write without a limit (0), or at least 65536 bytes per second, not "
              + bytesPerSecond
              + ".");
    }
  }

  /** Whether the store compacts by itself. */
  public boolean isInBackground() {
    return !interval.isZero();
  }

  /** The same with this interval. */
  public CompactionOptions withInterval(Duration newInterval) {
    return new CompactionOptions(newInterval, threshold, deadRatio, bytesPerSecond);
  }

  /** The same with this threshold. */
  public CompactionOptions withThreshold(int newThreshold) {
    return new CompactionOptions(interval, newThreshold, deadRatio, bytesPerSecond);
  }

  /** The same with this ratio. */
  public CompactionOptions withDeadRatio(double newDeadRatio) {
    return new CompactionOptions(interval, threshold, newDeadRatio, bytesPerSecond);
  }

  /** The same with this limit. */
  public CompactionOptions withBytesPerSecond(long newBytesPerSecond) {
    return new CompactionOptions(interval, threshold, deadRatio, newBytesPerSecond);
  }
}
