package io.minikv.domain;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Small named texts stored with a value, in the same record and as durable as it: a content type,
 * say. A store never looks at them.
 *
 * <p>At most {@value #MAX_COUNT}, and {@value #MAX_BYTES} bytes of UTF-8 over all names and texts;
 * a name has 1 to {@value #MAX_NAME_BYTES} bytes. Immutable and safe to share between threads.
 */
public final class Attributes {

  /** The greatest number of attributes of an entry. */
  public static final int MAX_COUNT = 64;

  /** The greatest length of a name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 255;

  /** The greatest sum of the lengths of all names and texts of an entry, in bytes of UTF-8. */
  public static final int MAX_BYTES = 4_096;

  private static final Attributes NONE = new Attributes(Collections.emptySortedMap());

  private final SortedMap<String, String> texts;

  private Attributes(SortedMap<String, String> texts) {
    this.texts = texts;
  }

  /** No attributes. */
  public static Attributes none() {
    return NONE;
  }

  /**
   * One attribute.
   *
   * @throws InvalidRequestException when a limit is exceeded or a text is not UTF-8
   */
  public static Attributes of(String name, String text) {
    return copyOf(Map.of(name, text));
  }

  /**
   * A copy of a map from name to text.
   *
   * @throws InvalidRequestException when a limit is exceeded or a text is not UTF-8
   */
  public static Attributes copyOf(Map<String, String> texts) {
    if (texts.isEmpty()) {
      return NONE;
    }
    if (texts.size() > MAX_COUNT) {
      throw new LimitExceededException("number of attributes", texts.size(), MAX_COUNT);
    }
    long total = 0;
    for (Map.Entry<String, String> attribute : texts.entrySet()) {
      int nameBytes = Utf8.length(attribute.getKey(), "attribute name");
      if (nameBytes == 0) {
        throw new InvalidRequestException("The name of an attribute is empty.");
      }
      if (nameBytes > MAX_NAME_BYTES) {
        throw new LimitExceededException("length of an attribute name", nameBytes, MAX_NAME_BYTES);
      }
      total += nameBytes + Utf8.length(attribute.getValue(), "attribute");
    }
    if (total > MAX_BYTES) {
      throw new LimitExceededException("total length of the attributes", total, MAX_BYTES);
    }
    return new Attributes(Collections.unmodifiableSortedMap(new TreeMap<>(texts)));
  }

  /** The text of a name, if there is one. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return texts.isEmpty();
  }

  /** All of them by name, ordered by name, unmodifiable. */
  public SortedMap<String, String> asMap() {
    return texts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that && texts.equals(that.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
