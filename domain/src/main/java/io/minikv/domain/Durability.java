package io.minikv.domain;

/**
 * When a write counts as done, weakest first. A store has one as its setting; a write may ask for
 * another, and gets the stronger of the two.
 */
public enum Durability {

  /**
   * The operating system has the write: it survives the end of the process, however sudden. A power
   * cut leaves a prefix of what was written, of any length.
   */
  OS,

  /**
   * As {@link #OS}, and forced to the disk within the interval that the store is configured with,
   * so that a power cut takes at most that much of the end.
   */
  INTERVAL,

  /**
   * The write is on the disk before it returns: it survives a crash of the operating system and a
   * power cut.
   */
  ALWAYS;

  /** The stronger of the two. */
  public Durability orStronger(Durability other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
