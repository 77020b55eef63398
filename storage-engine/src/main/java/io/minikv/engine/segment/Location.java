package io.minikv.engine.segment;

import io.minikv.engine.format.Frame;

/**
 * Where a record lies, in one number: the file number in the upper 31 bits, the offset in units of
 * {@link Frame#ALIGNMENT} in the lower 32. Never negative; 0 is no location, as file numbers begin
 * at 1.
 */
public final class Location {

  /** No location. */
  public static final long NONE = 0;

  /** The greatest file number that a location can hold. */
  public static final long MAX_FILE_NUMBER = Integer.MAX_VALUE;

  /** The greatest length of a segment, in bytes: 32 GiB. */
  public static final long MAX_SEGMENT_BYTES = (1L << 32) * Frame.ALIGNMENT;

  private static final long OFFSET_MASK = 0xFFFF_FFFFL;

  private Location() {}

  /** The location of a frame. */
  public static long of(long fileNumber, long offset) {
    return fileNumber << 32 | offset / Frame.ALIGNMENT;
  }

  /** The number of the segment. */
  public static long fileNumber(long location) {
    return location >>> 32;
  }

  /** The offset of the frame in the segment, in bytes. */
  public static long offset(long location) {
    return (location & OFFSET_MASK) * Frame.ALIGNMENT;
  }
}
