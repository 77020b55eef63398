package io.minikv.domain;

/**
 * A promise of the port that not every backend can keep. A store lists those that it keeps; calling
 * for another one ends in {@link NotSupportedException}.
 */
public enum Capability {
  /** Conditions other than {@link Condition#always()}. */
  CONDITIONS,
  /** Batches of more than one key, all or nothing. */
  ATOMIC_BATCHES,
  /**
   * Cursors that see exactly the store as of their opening, and reads of several keys as of one
   * moment.
   */
  CONSISTENT_VIEWS,
  /** Scans that meet the greatest key first. */
  BACKWARD_SCANS,
  /** Entries that go by themselves. */
  EXPIRY,
  /** Values written piece by piece. */
  STREAMED_WRITES,
  /** What was acknowledged is there after the store is closed and opened again. */
  PERSISTENCE
}
