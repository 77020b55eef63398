package io.minikv.engine.snapshot;

import io.minikv.engine.format.SnapshotBlock;
import java.util.function.LongSupplier;

/**
 * When the next snapshot is due: after so many bytes of log that writing it costs little beside
 * them, and reading them again at an opening does not take long.
 *
 * <p>Thread-safe.
 */
public final class SnapshotPace {

  /** At most so much is written to snapshots in proportion to the log: a quarter. */
  private static final int LOG_BYTES_PER_SNAPSHOT_BYTE = 4;

  /** One that is not possible is due again after so much less than the least distance. */
  private static final int POSTPONED_PART = 8;

  private final long leastBytes;
  private final LongSupplier appendedBytes;

  /** How many bytes of log there were, less those of compactions, when the last one was begun. */
  private volatile long begunAt;

  /** The same for the next one. */
  private volatile long dueAt;

  /**
   * Begins when a store was opened.
   *
   * @param leastBytes how many bytes of log lie between two snapshots at the least
   * @param appendedBytes tells how many bytes were appended to the log
   * @param replayedBytes how many bytes were read behind the last snapshot
   * @param keys how many keys there are
   */
  public SnapshotPace(long leastBytes, LongSupplier appendedBytes, long replayedBytes, long keys) {
    this.leastBytes = leastBytes;
    this.appendedBytes = appendedBytes;
    begin(keys);
    shift(replayedBytes);
  }

  /** Whether enough was written. */
  boolean isDue() {
    return appendedBytes.getAsLong() >= dueAt;
  }

  /** One is begun, with so many keys. */
  synchronized void begin(long keys) {
    begunAt = appendedBytes.getAsLong();
    dueAt = begunAt + Math.max(leastBytes, worthIt(keys));
  }

  /**
   * Counts bytes that a compaction wrote, which an opening would have to read.
   *
   * @return whether one is due now: after a compaction the least distance does not count
   */
  synchronized boolean compacted(long bytes, long keys) {
    shift(bytes);
    if (appendedBytes.getAsLong() - begunAt < worthIt(keys)) {
      return false;
    }
    dueAt = Math.min(dueAt, appendedBytes.getAsLong());
    return true;
  }

  /** It is not possible now: it is due again a little later. */
  synchronized void postpone() {
    dueAt = appendedBytes.getAsLong() + leastBytes / POSTPONED_PART;
  }

  private synchronized void shift(long bytes) {
    begunAt = begunAt - bytes;
    dueAt = dueAt - bytes;
  }

  private static long worthIt(long keys) {
    return LOG_BYTES_PER_SNAPSHOT_BYTE * SnapshotBlock.totalLength(keys);
  }
}
