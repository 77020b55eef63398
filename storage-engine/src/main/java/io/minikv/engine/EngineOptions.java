package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.StoreLimits;
import io.minikv.engine.filter.FilterSizing;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How a store is opened. Immutable.
 *
 * @param durability what every write gets at least. Default {@link Durability#ALWAYS}: nothing
 *     acknowledged is ever lost, at the price of one force of the disk for each group of concurrent
 *     writes
 * @param forceInterval how often the log is forced with {@link Durability#INTERVAL}; 1 ms to 1
 *     hour. Default 100 ms: a power cut takes at most that much; a longer one costs fewer forces
 * @param segmentBytes the size at which a segment ends, in bytes; 4 KiB to 4 GiB. Default 64 MiB.
 *     Larger segments are fewer files; smaller ones give space back in smaller steps. A record that
 *     is larger gets a segment of its own
 * @param filterRate of the keys that a segment does not hold, the share for which its bloom filter
 *     says that it may; 0.0001 to 0.5. Default 0.01: some 10 bits a key on disk; a lower rate takes
 *     more
 * @param snapshotBytes how many bytes of log are written at the least until the index is written
 *     down again, besides after compactions and at the end; 4 KiB to 1 TiB. Default 256 MiB: after
 *     a crash an opening reads at most that much, or four times the size of a snapshot, which takes
 *     16 bytes a key, where that is more. Fewer make openings after a crash faster and write more
 * @param limits what the store accepts at the most. Default {@link StoreLimits#DEFAULT}
 * @param longestLoggedBytes the greatest length of a streamed value that is put in the log as any
 *     other, in bytes; 0 to 64 MiB. Default 1 MiB. A longer one gets a file of its own: it costs
 *     two more forces, and its upload holds no log; a compaction need not copy it
 * @param clock tells the time of writes and of expiry, never their order. Default the system's
 */
public record EngineOptions(
    Durability durability,
    Duration forceInterval,
    long segmentBytes,
    double filterRate,
    long snapshotBytes,
    StoreLimits limits,
    long longestLoggedBytes,
    InstantSource clock) {

  /** The defaults. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          Durability.ALWAYS,
          Duration.ofMillis(100),
          64L << 20,
          0.01,
          256L << 20,
          StoreLimits.DEFAULT,
          1L << 20,
          InstantSource.system());

  private static final long LEAST_SEGMENT_BYTES = 4L << 10;
  private static final long MOST_SEGMENT_BYTES = 4L << 30;
  private static final long LEAST_SNAPSHOT_BYTES = 4L << 10;
  private static final long MOST_SNAPSHOT_BYTES = 1L << 40;
  private static final long MOST_LOGGED_BYTES = 64L << 20;

  /**
   * Checks the ranges.
   *
   * @throws InvalidRequestException when one is out of range
   */
  public EngineOptions {
    if (forceInterval.compareTo(Duration.ofMillis(1)) < 0
        || forceInterval.compareTo(Duration.ofHours(1)) > 0) {
      throw new InvalidRequestException(
          "The force interval lies between 1 ms and 1 hour, not at " + forceInterval + ".");
    }
    if (segmentBytes < LEAST_SEGMENT_BYTES || segmentBytes > MOST_SEGMENT_BYTES) {
      throw new InvalidRequestException(
          "The size of a segment lies between 4 KiB and 4 GiB, not at " + segmentBytes + " bytes.");
    }
    if (snapshotBytes < LEAST_SNAPSHOT_BYTES || snapshotBytes > MOST_SNAPSHOT_BYTES) {
      throw new InvalidRequestException(
          "The bytes of log between two snapshots lie between 4 KiB and 1 TiB, not at "
              + snapshotBytes
              + ".");
    }
    if (longestLoggedBytes < 0 || longestLoggedBytes > MOST_LOGGED_BYTES) {
      throw new InvalidRequestException(
          "The greatest length of a streamed value in the log lies between 0 and 64 MiB, not at "
              + longestLoggedBytes
              + " bytes.");
    }
    if (!(filterRate >= FilterSizing.LEAST_RATE && filterRate <= FilterSizing.GREATEST_RATE)) {
      throw new InvalidRequestException(
          "The rate of false positives of filters lies between "
              + FilterSizing.LEAST_RATE
              + " and "
              + FilterSizing.GREATEST_RATE
              + ", not at "
              + filterRate
              + ".");
    }
  }

  /** The same with this durability. */
  public EngineOptions withDurability(Durability newDurability) {
    return new EngineOptions(
        newDurability,
        forceInterval,
        segmentBytes,
        filterRate,
        snapshotBytes,
        limits,
        longestLoggedBytes,
        clock);
  }

  /** The same with this interval. */
  public EngineOptions withForceInterval(Duration newForceInterval) {
    return new EngineOptions(
        durability,
        newForceInterval,
        segmentBytes,
        filterRate,
        snapshotBytes,
        limits,
        longestLoggedBytes,
        clock);
  }

  /** The same with segments of this size. */
  public EngineOptions withSegmentBytes(long newSegmentBytes) {
    return new EngineOptions(
        durability,
        forceInterval,
        newSegmentBytes,
        filterRate,
        snapshotBytes,
        limits,
        longestLoggedBytes,
        clock);
  }

  /** The same with bloom filters of this rate of false positives. */
  public EngineOptions withFilterRate(double newFilterRate) {
    return new EngineOptions(
        durability,
        forceInterval,
        segmentBytes,
        newFilterRate,
        snapshotBytes,
        limits,
        longestLoggedBytes,
        clock);
  }

  /** The same with index snapshots after so many bytes of log. */
  public EngineOptions withSnapshotBytes(long newSnapshotBytes) {
    return new EngineOptions(
        durability,
        forceInterval,
        segmentBytes,
        filterRate,
        newSnapshotBytes,
        limits,
        longestLoggedBytes,
        clock);
  }

  /** The same with these limits. */
  public EngineOptions withLimits(StoreLimits newLimits) {
    return new EngineOptions(
        durability,
        forceInterval,
        segmentBytes,
        filterRate,
        snapshotBytes,
        newLimits,
        longestLoggedBytes,
        clock);
  }

  /** The same with streamed values up to this length in the log. */
  public EngineOptions withLongestLoggedBytes(long newLongestLoggedBytes) {
    return new EngineOptions(
        durability,
        forceInterval,
        segmentBytes,
        filterRate,
        snapshotBytes,
        limits,
        newLongestLoggedBytes,
        clock);
  }

  /** The same with this clock. */
  public EngineOptions withClock(InstantSource newClock) {
    return new EngineOptions(
        durability,
        forceInterval,
        segmentBytes,
        filterRate,
        snapshotBytes,
        limits,
        longestLoggedBytes,
        newClock);
  }
}
