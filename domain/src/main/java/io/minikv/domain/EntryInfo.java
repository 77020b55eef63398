package io.minikv.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * All that is known of an entry but its value.
 *
 * @param key its key
 * @param version the write that it comes from
 * @param valueLength the length of its value, in bytes
 * @param attributes stored with the value
 * @param writtenAtMillis the store's clock at the write, in milliseconds since 1970; for people and
 *     for caches, never for order
 * @param expiresAtMillis when the entry goes by itself, in milliseconds since 1970; {@link
 *     #NEVER_MILLIS} when it does not
 */
public record EntryInfo(
    Key key,
    Version version,
    long valueLength,
    Attributes attributes,
    long writtenAtMillis,
    long expiresAtMillis) {

  /** The {@code expiresAtMillis} of an entry that does not expire. */
  public static final long NEVER_MILLIS = Long.MAX_VALUE;

  /** The store's clock at the write. */
  public Instant writtenAt() {
    return Instant.ofEpochMilli(writtenAtMillis);
  }

  /** When the entry goes by itself, if it does. */
  public Optional<Instant> expiresAt() {
    return expiresAtMillis == NEVER_MILLIS
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(expiresAtMillis));
  }
}
