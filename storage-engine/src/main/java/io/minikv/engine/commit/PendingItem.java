package io.minikv.engine.commit;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.Frame;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.segment.Location;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One mutation of a write on its way. Guarded as its {@link PendingWrite}. */
final class PendingItem {

  private final Mutation mutation;
  private final long hash;
  private final boolean inBatch;

  private final EncodedFrame frame;

  /** The version that its key had before it. */
  private Optional<Version> previous = Optional.empty();

  /** What was visible of its key when that was looked up ahead, without the lock. */
  private @Nullable Found ahead;

  /** Whether that was done; orders {@link #ahead} before who reads it. */
  private volatile boolean lookedUpAhead;

  /** The visible record of its key when it was decided, if that was what decided. */
  private @Nullable Found visible;

  /** The write to the same key before it that was not visible yet when it was decided. */
  private @Nullable PendingItem predecessor;

  /** Whether there was one. */
  private boolean chained;

  private long sequence;
  private long location = Location.NONE;

  private PendingItem(Mutation mutation, long hash, boolean inBatch, EncodedFrame frame) {
    this.mutation = mutation;
    this.hash = hash;
    this.inBatch = inBatch;
    this.frame = frame;
  }

  static PendingItem of(Mutation mutation, boolean inBatch, WriteEncoding encoding) {
    return of(mutation, encoding.encode(mutation, inBatch), inBatch, encoding.hash());
  }

  static PendingItem of(
      Mutation mutation, EncodedFrame frame, boolean inBatch, ToLongFunction<Key> hash) {
    return new PendingItem(mutation, hash.applyAsLong(mutation.key()), inBatch, frame);
  }

  Key key() {
    return mutation.key();
  }

  Mutation mutation() {
    return mutation;
  }

  long hash() {
    return hash;
  }

  EncodedFrame frame() {
    return frame;
  }

  /** Makes its record the last one of the batch. */
  void endBatch() {
    if (inBatch) {
      frame.endBatch();
    }
  }

  /** Keeps what is visible of its key, so that it need not be read under the lock. */
  void lookedUpAhead(@Nullable Found found) {
    ahead = found;
    lookedUpAhead = true;
  }

  /** Whether {@link #ahead} tells what was visible. */
  boolean isLookedUpAhead() {
    return lookedUpAhead;
  }

  /** What was visible of its key, which may have changed since; nothing when it was absent. */
  @Nullable Found ahead() {
    return ahead;
  }

  /** It was decided by what is visible. */
  void restsOn(@Nullable Found found, Optional<Version> version) {
    visible = found;
    predecessor = null;
    chained = false;
    previous = version;
  }

  /** It was decided by a write that is not visible yet. */
  void restsOn(PendingItem unpublished, long nowMillis) {
    visible = null;
    predecessor = unpublished;
    chained = true;
    previous = unpublished.versionAfter(nowMillis);
  }

  Optional<Version> previous() {
    return previous;
  }

  /** The record that it takes the place of when it becomes visible, after all before it did. */
  @Nullable LiveRecord former() {
    PendingItem before = predecessor;
    if (before != null) {
      return before.mutation instanceof Mutation.Put ? before.record() : null;
    }
    Found found = visible;
    return found == null ? null : found.record();
  }

  /** Its own record, when it was appended. */
  LiveRecord record() {
    return new LiveRecord(
        location,
        frame.length(),
        frame.valueLength(),
        frame.isExternal() ? frame.valueFile() : LiveRecord.NO_VALUE_FILE);
  }

  /** It is visible: what it rested on is not needed any more. */
  void published() {
    predecessor = null;
    visible = null;
    ahead = null;
  }

  /** Whether what it rests on was not visible when it was decided. */
  boolean isChained() {
    return chained;
  }

  /** Whether there is anything to append: a delete of an absent key changes nothing. */
  boolean changesSomething() {
    return mutation instanceof Mutation.Put || previous.isPresent() || replacesDamage();
  }

  private boolean replacesDamage() {
    Found found = visible;
    return found != null && found.head() == null;
  }

  void appendedAt(long newSequence, long newLocation) {
    sequence = newSequence;
    location = newLocation;
  }

  boolean isAppended() {
    return location != Location.NONE;
  }

  long sequence() {
    return sequence;
  }

  long location() {
    return location;
  }

  /** The version that its key has after it, at a moment in milliseconds since 1970. */
  Optional<Version> versionAfter(long nowMillis) {
    boolean present =
        mutation instanceof Mutation.Put && !Frame.isExpired(frame.expiresAtMillis(), nowMillis);
    return present ? Optional.of(new Version(sequence)) : Optional.empty();
  }
}
