package io.minikv.app;

import java.util.OptionalLong;

/**
 * What one client asked of one key, and what it was told. The state of a key is its version, or
 * {@link #ABSENT}.
 *
 * @param effect what it was asked and told
 * @param invokedNanos when it was asked
 * @param returnedNanos when it was told, or {@link #NEVER}: it may happen at any time, or not at
 *     all
 */
record RegisterCall(Effect effect, long invokedNanos, long returnedNanos) {

  /** The state of a key that is not there. */
  static final long ABSENT = 0;

  /** A version that only a write without an answer can have got. */
  static final long UNKNOWN = Long.MIN_VALUE;

  /** The time of an answer that did not come. */
  static final long NEVER = Long.MAX_VALUE;

  /** What a call does to the state of its key. */
  sealed interface Effect {

    /** The state after it; nothing when it is not told this in that state. */
    OptionalLong after(long state);
  }

  /** Reads the version that is there, or that there is none. */
  record Read(long found) implements Effect {

    @Override
    public OptionalLong after(long state) {
      return state == found ? OptionalLong.of(state) : OptionalLong.empty();
    }
  }

  /**
   * A write that happened.
   *
   * @param version the one it got, which is above that before it; {@link #ABSENT} for a delete
   */
  record Write(Expected expected, long version) implements Effect {

    @Override
    public OptionalLong after(long state) {
      boolean rises = version == ABSENT || version > state;
      return expected.holds(state) && rises ? OptionalLong.of(version) : OptionalLong.empty();
    }
  }

  /**
   * A write of which nobody knows whether it happened, nor, if it did, the version it got: {@code
   * placeholder} stands for it, and is less than 0.
   */
  record LostWrite(Expected expected, long placeholder) implements Effect {

    @Override
    public OptionalLong after(long state) {
      return expected.holds(state) ? OptionalLong.of(placeholder) : OptionalLong.empty();
    }
  }

  /**
   * A write that did not happen, for something else was found.
   *
   * @param found the version, or {@link #ABSENT}, or {@link #UNKNOWN}
   */
  record Refused(Expected expected, long found) implements Effect {

    @Override
    public OptionalLong after(long state) {
      return (found == UNKNOWN || found == state) && !expected.holds(state)
          ? OptionalLong.of(state)
          : OptionalLong.empty();
    }
  }

  /** What a write finds when it happens. */
  sealed interface Expected {

    boolean holds(long state);
  }

  /** Without a condition, or one that is met by more than one state. */
  enum Anything implements Expected {
    ANYTHING {
      @Override
      public boolean holds(long state) {
        return true;
      }
    },
    SOMETHING {
      @Override
      public boolean holds(long state) {
        return state != ABSENT;
      }
    },
    NOTHING {
      @Override
      public boolean holds(long state) {
        return state == ABSENT;
      }
    }
  }

  /** Exactly this version. */
  record Exactly(long version) implements Expected {

    @Override
    public boolean holds(long state) {
      return state == version;
    }
  }

  boolean isAnswered() {
    return returnedNanos != NEVER;
  }
}
