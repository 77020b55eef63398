package io.minikv.engine.index;

import io.minikv.engine.format.FrameHead;

/**
 * A record that is live, or was, and what the accounts know of it.
 *
 * @param location where it lies
 * @param frameLength how many bytes it takes; 0 when that is not known for damage
 * @param valueLength the length of its value; 0 when that is not known for damage
 * @param valueFile the number of the file that holds its value, or {@link #NO_VALUE_FILE}
 */
public record LiveRecord(long location, long frameLength, int valueLength, long valueFile) {

  /** The value stands in the record itself. */
  public static final long NO_VALUE_FILE = 0;

  /** The record with a head that was read. */
  public static LiveRecord of(long location, FrameHead head) {
    return new LiveRecord(
        location,
        head.frameLength(),
        head.valueLength(),
        head.isExternal() ? head.valueFile() : NO_VALUE_FILE);
  }

  /** A record whose head cannot be read. */
  static LiveRecord damaged(long location) {
    return new LiveRecord(location, 0, 0, NO_VALUE_FILE);
  }
}
