package io.minikv.domain;

/**
 * The store-wide sequence number of a write. A later write has a greater one; all items of a batch
 * share one.
 *
 * <p>A number that was ever handed out is never handed out again, not even after a crash that lost
 * its write, so that a version seen once can only ever match that write. Numbers may be skipped.
 *
 * @param sequence from 1 on
 */
public record Version(long sequence) implements Comparable<Version> {

  /**
   * Checks the number.
   *
   * @throws InvalidRequestException when it is below 1
   */
  public Version {
    if (sequence < 1) {
      throw new InvalidRequestException("A version is a number from 1 on, not " + sequence + ".");
    }
  }

  @Override
  public int compareTo(Version other) {
    return Long.compare(sequence, other.sequence);
  }

  /** The number in decimal. */
  @Override
  public String toString() {
    return Long.toString(sequence);
  }
}
