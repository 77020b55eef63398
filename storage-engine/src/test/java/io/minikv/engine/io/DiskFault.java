package io.minikv.engine.io;

import java.io.IOException;

/**
 * An operation that shall fail.
 *
 * @param kind how it fails
 * @param nth which one, counted from 1 among those that can fail in this way
 * @param onwards whether all later ones fail too
 */
public record DiskFault(Kind kind, long nth, boolean onwards) {

  /** Lets one operation fail. */
  public static DiskFault once(Kind kind, long nth) {
    return new DiskFault(kind, nth, false);
  }

  /** Lets an operation and all later ones fail. */
  public static DiskFault from(Kind kind, long nth) {
    return new DiskFault(kind, nth, true);
  }

  /** The ways to fail. */
  public enum Kind {
    /**
     * Nothing is done. A failed force loses what was not durable yet, for good, though it stays
     * readable.
     */
    IO_ERROR(Extent.NOTHING),
    /**
     * The first half is done: of the bytes of a write, of what a force would have made durable; the
     * rest is lost.
     */
    IO_ERROR_HALF_DONE(Extent.HALF),
    /** All is done, and yet a failure is reported: a failed force that kept the data. */
    IO_ERROR_ALL_DONE(Extent.ALL),
    /** No space for any of it. */
    DISK_FULL(Extent.NOTHING),
    /** Space for half of a write. */
    DISK_FULL_SHORT_WRITE(Extent.HALF);

    private final Extent extent;

    Kind(Extent extent) {
      this.extent = extent;
    }

    Extent extent() {
      return extent;
    }

    /** Whether an operation can fail in this way. */
    public boolean appliesTo(OperationType type) {
      return switch (this) {
        case IO_ERROR -> type.canFail();
        case IO_ERROR_HALF_DONE -> type.hasHalves();
        // A lock that fails is never left behind held.
        case IO_ERROR_ALL_DONE ->
            type.canFail() && type.changesDisk() && type != OperationType.LOCK;
        case DISK_FULL -> type.needsSpace();
        case DISK_FULL_SHORT_WRITE -> type.hasHalves() && !type.isBarrier();
      };
    }

    IOException exception(Operation operation) {
      return switch (this) {
        case DISK_FULL, DISK_FULL_SHORT_WRITE ->
            new DiskFullException("injected: no space for " + operation);
        default -> new IOException("injected: input/output error at " + operation);
      };
    }
  }

  /** How much of a failing operation is done. */
  enum Extent {
    NOTHING,
    HALF,
    ALL;

    /** The part of a number of things. */
    long of(long whole) {
      return switch (this) {
        case NOTHING -> 0;
        case HALF -> whole / 2;
        case ALL -> whole;
      };
    }
  }
}
