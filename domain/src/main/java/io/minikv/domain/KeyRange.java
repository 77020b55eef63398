package io.minikv.domain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * A contiguous range of keys in their order, open or closed at either end, or unbounded there. It
 * may be empty. Immutable.
 *
 * @param lower where it begins; nothing when it has no lower bound
 * @param upper where it ends; nothing when it has no upper bound
 */
public record KeyRange(Optional<Bound> lower, Optional<Bound> upper) {

  private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

  /**
   * An end of a range.
   *
   * @param key where it lies
   * @param inclusive whether the key itself belongs to the range
   */
  public record Bound(Key key, boolean inclusive) {}

  /** All keys. */
  public static KeyRange all() {
    return ALL;
  }

  /** The key {@code first} and all after it. */
  public static KeyRange from(Key first) {
    return new KeyRange(Optional.of(new Bound(first, true)), Optional.empty());
  }

  /** All keys after {@code key}, without it. */
  public static KeyRange after(Key key) {
    return new KeyRange(Optional.of(new Bound(key, false)), Optional.empty());
  }

  /** All keys before {@code end}, without it. */
  public static KeyRange before(Key end) {
    return new KeyRange(Optional.empty(), Optional.of(new Bound(end, false)));
  }

  /** From {@code first}, inclusive, to {@code end}, exclusive. */
  public static KeyRange between(Key first, Key end) {
    return from(first).intersect(before(end));
  }

  /** All keys that begin with the UTF-8 bytes of {@code prefix}; all keys when it is empty. */
  public static KeyRange prefix(String prefix) {
    return prefix(Utf8.encode(prefix, "prefix"));
  }

  /**
   * All keys that begin with {@code prefix}; all keys when it is empty.
   *
   * @throws InvalidRequestException when it is longer than a key can be
   */
  public static KeyRange prefix(byte[] prefix) {
    if (prefix.length == 0) {
      return ALL;
    }
    Key first = Key.copyOf(prefix);
    int last = prefix.length - 1;
    while (last >= 0 && prefix[last] == (byte) 0xFF) {
      last--;
    }
    if (last < 0) {
      return from(first);
    }
    byte[] end = Arrays.copyOf(prefix, last + 1);
    end[last]++;
    return between(first, Key.copyOf(end));
  }

  /** The keys that lie in both. */
  public KeyRange intersect(KeyRange other) {
    return new KeyRange(
        tighter(lower, other.lower, Comparator.naturalOrder()),
        tighter(upper, other.upper, Comparator.reverseOrder()));
  }

  /** Of two bounds the one that leaves less. */
  private static Optional<Bound> tighter(
      Optional<Bound> a, Optional<Bound> b, Comparator<Key> outermostFirst) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isPresent() ? a : b;
    }
    int order = outermostFirst.compare(a.get().key(), b.get().key());
    if (order == 0) {
      return a.get().inclusive() ? b : a;
    }
    return order > 0 ? a : b;
  }

  /** Whether a key lies in the range. */
  public boolean contains(Key key) {
    return !isBelow(key) && !isAbove(key);
  }

  /** Whether a key lies before the whole range. */
  public boolean isBelow(Key key) {
    if (lower.isEmpty()) {
      return false;
    }
    int order = key.compareTo(lower.get().key());
    return order < 0 || (order == 0 && !lower.get().inclusive());
  }

  /** Whether a key lies after the whole range. */
  public boolean isAbove(Key key) {
    if (upper.isEmpty()) {
      return false;
    }
    int order = key.compareTo(upper.get().key());
    return order > 0 || (order == 0 && !upper.get().inclusive());
  }
}
