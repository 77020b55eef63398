package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.Entry;
import io.minikv.domain.Value;

/**
 * What is expected, or found, under a key.
 *
 * @param sequence the version; 0 while it is not known, as the write did not return
 */
record Stored(Value value, Attributes attributes, long expiresAtMillis, long sequence) {

  static Stored of(Entry entry) {
    return new Stored(
        entry.value(),
        entry.attributes(),
        entry.info().expiresAtMillis(),
        entry.version().sequence());
  }

  Stored withSequence(long newSequence) {
    return new Stored(value, attributes, expiresAtMillis, newSequence);
  }

  boolean isLiveAt(long nowMillis) {
    return expiresAtMillis > nowMillis;
  }

  /** Whether a found entry is this one. */
  boolean matches(Stored found) {
    return value.equals(found.value)
        && attributes.equals(found.attributes)
        && expiresAtMillis == found.expiresAtMillis
        && (sequence == 0 || sequence == found.sequence);
  }

  @Override
  public String toString() {
    return value.length() + " bytes, version " + sequence;
  }
}
