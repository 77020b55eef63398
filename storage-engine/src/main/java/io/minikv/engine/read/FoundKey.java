package io.minikv.engine.read;

import io.minikv.domain.Key;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.keyfile.RunSource;
import io.minikv.engine.segment.Segment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key that a merge has come to, and its newest version that the view shows. One object for all
 * keys of a scan. For one thread.
 */
final class FoundKey {

  private static final int PAGE_BYTES = 4096;

  /** The key, which lies where the run has it. */
  private byte[] bytes = {};

  private int from;
  private int length;
  private long prefix;

  private @Nullable Segment segment;
  private long sequence;
  private long offset;
  private int headLength;
  private int valueLength;
  private long expiresAtMillis;
  private boolean tombstone;
  private boolean plain;

  /** Begins with the key of an entry, whose prefix is known; no version is known yet. */
  void begin(KeyEntry entry, long keyPrefix) {
    bytes = entry.bytes();
    from = entry.keyAt();
    length = entry.keyLength();
    prefix = keyPrefix;
    segment = null;
    sequence = -1;
  }

  /** Takes a version of the key into account: the newest one counts. */
  void offer(KeyEntry entry, Segment holder) {
    if (entry.sequence() > sequence) {
      segment = holder;
      sequence = entry.sequence();
      offset = entry.offset();
      headLength = entry.headLength();
      valueLength = entry.valueLength();
      expiresAtMillis = entry.expiresAtMillis();
      tombstone = entry.isTombstone();
      plain = entry.isPlain();
    }
  }

  /** Whether a source has come to the same key. */
  boolean isAt(RunSource source) {
    return source.prefix() == prefix && isKeyOf(source.entry());
  }

  private boolean isKeyOf(KeyEntry entry) {
    int at = entry.keyAt();
    return entry.keyLength() == length
        && Arrays.equals(bytes, from, from + length, entry.bytes(), at, at + length);
  }

  int compareTo(byte[] key) {
    return Arrays.compareUnsigned(bytes, from, from + length, key, 0, key.length);
  }

  /** A copy of the key. */
  byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Copies it to the start of an array, as far as there is room, and returns its length. */
  int copyKey(byte[] target) {
    System.arraycopy(bytes, from, target, 0, Math.min(length, target.length));
    return length;
  }

  Key key() {
    return Key.copyOf(bytes, from, length);
  }

  /** Whether a version was found, and it is a value. */
  boolean isPut() {
    return segment != null && !tombstone;
  }

  /** The segment with the version that was found. */
  Segment segment() {
    Segment holder = segment;
    if (holder == null) {
      throw new IllegalStateException("no version was found");
    }
    return holder;
  }

  /**
   * Whether its value lies where the log has put it, and not near that of another key. What was
   * copied into the order of the keys comes near by itself: processors fetch ahead.
   */
  boolean isApartFrom(FoundKey other) {
    Segment holder = segment();
    return holder.kind() == SegmentHeader.Kind.LOG
        && !(holder.equals(other.segment) && Math.abs(offset - other.offset) < PAGE_BYTES);
  }

  /** Whether values of this length share pages, so that it matters which ones are neighbours. */
  boolean isSmall() {
    return valueLength < PAGE_BYTES;
  }

  long offset() {
    return offset;
  }

  int headLength() {
    return headLength;
  }

  int valueLength() {
    return valueLength;
  }

  long expiresAtMillis() {
    return expiresAtMillis;
  }

  /** Whether the value stands behind the head as it was put. */
  boolean isPlain() {
    return plain;
  }
}
