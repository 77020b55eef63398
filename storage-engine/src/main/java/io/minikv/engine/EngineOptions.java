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
 * @param reserveSegments so many segments' worth of space on the disk only deletes and compactions
 *     may use, so that both still work when it is full; 0 to 64. Default 2. Never more than an
 *     eighth of what the store could have when it was opened
 * @param compaction when the store compacts by itself. Default {@link CompactionOptions#DEFAULT}
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
 * @param compression how values are made smaller. Default {@link Compression#NONE}; the others cost
 *     time of the writing and the reading thread, and save disk space where at least an eighth of a
 *     value can be saved
 * @param leastCompressedBytes the smallest length of a value that is compressed, in bytes; 64 to 1
 *     MiB. Default 1 KiB. Values above 1 MiB are never compressed
 * @param clock tells the time of writes and of expiry, never their order. Default the system's
 */
public record EngineOptions(
    Durability durability,
    Duration forceInterval,
    long segmentBytes,
    int reserveSegments,
    CompactionOptions compaction,
    double filterRate,
    long snapshotBytes,
    StoreLimits limits,
    long longestLoggedBytes,
    Compression compression,
    int leastCompressedBytes,
    InstantSource clock) {

  /** The defaults. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          Durability.ALWAYS,
          Duration.ofMillis(100),
          64L << 20,
          2,
          CompactionOptions.DEFAULT,
          0.01,
          256L << 20,
          StoreLimits.DEFAULT,
          1L << 20,
          Compression.NONE,
          1 << 10,
          InstantSource.system());

  private static final long LEAST_SEGMENT_BYTES = 4L << 10;
  private static final long MOST_SEGMENT_BYTES = 4L << 30;
  private static final int MOST_RESERVED_SEGMENTS = 64;
  private static final long LEAST_SNAPSHOT_BYTES = 4L << 10;
  private static final long MOST_SNAPSHOT_BYTES = 1L << 40;
  private static final long MOST_LOGGED_BYTES = 64L << 20;
  private static final int LEAST_COMPRESSED_BYTES = 64;
  private static final int MOST_COMPRESSED_BYTES = 1 << 20;

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
    if (reserveSegments < 0 || reserveSegments > MOST_RESERVED_SEGMENTS) {
      throw new InvalidRequestException(
          "The reserve lies between 0 and 64 segments, not at " + reserveSegments + ".");
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
    if (leastCompressedBytes < LEAST_COMPRESSED_BYTES
        || leastCompressedBytes > MOST_COMPRESSED_BYTES) {
      throw new InvalidRequestException(
          "The smallest length of a compressed value lies between 64 bytes and 1 MiB, not at "
              + leastCompressedBytes
              + " bytes.");
    }
  }

  /** The same with this durability. */
  public EngineOptions withDurability(Durability newDurability) {
    Change change = new Change(this);
    change.durability = newDurability;
    return change.options();
  }

  /** The same with this interval. */
  public EngineOptions withForceInterval(Duration newForceInterval) {
    Change change = new Change(this);
    change.forceInterval = newForceInterval;
    return change.options();
  }

  /** The same with segments of this size. */
  public EngineOptions withSegmentBytes(long newSegmentBytes) {
    Change change = new Change(this);
    change.segmentBytes = newSegmentBytes;
    return change.options();
  }

  /** The same with this reserve. */
  public EngineOptions withReserveSegments(int newReserveSegments) {
    Change change = new Change(this);
    change.reserveSegments = newReserveSegments;
    return change.options();
  }

  /** The same with these options of compaction. */
  public EngineOptions withCompaction(CompactionOptions newCompaction) {
    Change change = new Change(this);
    change.compaction = newCompaction;
    return change.options();
  }

  /** The same with bloom filters of this rate of false positives. */
  public EngineOptions withFilterRate(double newFilterRate) {
    Change change = new Change(this);
    change.filterRate = newFilterRate;
    return change.options();
  }

  /** The same with index snapshots after so many bytes of log. */
  public EngineOptions withSnapshotBytes(long newSnapshotBytes) {
    Change change = new Change(this);
    change.snapshotBytes = newSnapshotBytes;
    return change.options();
  }

  /** The same with these limits. */
  public EngineOptions withLimits(StoreLimits newLimits) {
    Change change = new Change(this);
    change.limits = newLimits;
    return change.options();
  }

  /** The same with streamed values up to this length in the log. */
  public EngineOptions withLongestLoggedBytes(long newLongestLoggedBytes) {
    Change change = new Change(this);
    change.longestLoggedBytes = newLongestLoggedBytes;
    return change.options();
  }

  /** The same with this compression. */
  public EngineOptions withCompression(Compression newCompression) {
    Change change = new Change(this);
    change.compression = newCompression;
    return change.options();
  }

  /** The same with values from this length on compressed. */
  public EngineOptions withLeastCompressedBytes(int newLeastCompressedBytes) {
    Change change = new Change(this);
    change.leastCompressedBytes = newLeastCompressedBytes;
    return change.options();
  }

  /** The same with this clock. */
  public EngineOptions withClock(InstantSource newClock) {
    Change change = new Change(this);
    change.clock = newClock;
    return change.options();
  }

  /** Other options on their way. */
  private static final class Change {

    private Durability durability;
    private Duration forceInterval;
    private long segmentBytes;
    private int reserveSegments;
    private CompactionOptions compaction;
    private double filterRate;
    private long snapshotBytes;
    private StoreLimits limits;
    private long longestLoggedBytes;
    private Compression compression;
    private int leastCompressedBytes;
    private InstantSource clock;

    Change(EngineOptions from) {
      this.durability = from.durability;
      this.forceInterval = from.forceInterval;
      this.segmentBytes = from.segmentBytes;
      this.reserveSegments = from.reserveSegments;
      this.compaction = from.compaction;
      this.filterRate = from.filterRate;
      this.snapshotBytes = from.snapshotBytes;
      this.limits = from.limits;
      this.longestLoggedBytes = from.longestLoggedBytes;
      this.compression = from.compression;
      this.leastCompressedBytes = from.leastCompressedBytes;
      this.clock = from.clock;
    }

    EngineOptions options() {
      return new EngineOptions(
          durability,
          forceInterval,
          segmentBytes,
          reserveSegments,
          compaction,
          filterRate,
          snapshotBytes,
          limits,
          longestLoggedBytes,
          compression,
          leastCompressedBytes,
          clock);
    }
  }
}
