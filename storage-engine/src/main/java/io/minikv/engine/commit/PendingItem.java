package io.minikv.engine.commit;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.Frame;
import io.minikv.engine.index.Found;
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

  /** The visible record of its key when it was decided, if that was what decided. */
  private @Nullable Found former;

  /** Whether a write before it that is not visible yet has changed the same key. */
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

  /** It was decided by what is visible. */
  void restsOn(@Nullable Found visible, Optional<Version> version) {
    former = visible;
    chained = false;
    previous = version;
  }

  /** It was decided by a write that is not visible yet. */
  void restsOn(PendingItem predecessor, long nowMillis) {
    former = null;
    chained = true;
    previous = predecessor.versionAfter(nowMillis);
  }

  Optional<Version> previous() {
    return previous;
  }

  @Nullable Found former() {
    return former;
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
    Found visible = former;
    return visible != null && visible.head() == null;
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
