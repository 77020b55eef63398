package io.minikv.testkit;

import io.minikv.domain.Attributes;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.Version;
import java.util.Optional;

/**
 * All that an in-memory store holds at one moment. Immutable. Counts bytes and records as if every
 * change were appended to one log and stayed there until the next compaction.
 *
 * @param entries the newest entry of each key, expired ones included
 * @param lastSequence the greatest sequence number used
 * @param live what {@code entries} take up in the log
 * @param log what the whole log takes up
 * @param liveValueBytes the sum of the lengths of the values of {@code entries}
 */
record Contents(EntryTree entries, long lastSequence, Size live, Size log, long liveValueBytes) {

  static final Contents EMPTY = new Contents(EntryTree.EMPTY, 0, Size.ZERO, Size.ZERO, 0);

  /** So many records of so many bytes together. */
  record Size(long records, long bytes) {

    static final Size ZERO = new Size(0, 0);

    Size plus(long recordBytes) {
      return new Size(records + 1, bytes + recordBytes);
    }

    Size minus(long recordBytes) {
      return new Size(records - 1, bytes - recordBytes);
    }
  }

  Version nextVersion() {
    return new Version(lastSequence + 1);
  }

  /** Those present at a moment of the store's clock: an expired entry is not. */
  Optional<Entry> get(Key key, long nowMillis) {
    return entries.get(key).filter(entry -> isPresent(entry, nowMillis));
  }

  static boolean isPresent(Entry entry, long nowMillis) {
    return nowMillis < entry.info().expiresAtMillis();
  }

  Contents with(Entry entry) {
    Contents rest = withoutEntry(entry.key());
    long bytes = recordBytes(entry);
    return new Contents(
        entries.with(entry),
        entry.version().sequence(),
        rest.live.plus(bytes),
        rest.log.plus(bytes),
        rest.liveValueBytes + entry.value().length());
  }

  /** With a tombstone of this version at the end of the log. */
  Contents without(Key key, Version version) {
    Contents rest = withoutEntry(key);
    return new Contents(
        rest.entries,
        version.sequence(),
        rest.live,
        rest.log.plus(key.length()),
        rest.liveValueBytes);
  }

  /** Without the entry, whose record stays in the log, dead. */
  Contents withoutEntry(Key key) {
    return entries
        .get(key)
        .map(old ->
            new Contents(
                entries.without(key),
                lastSequence,
                live.minus(recordBytes(old)),
                log,
                liveValueBytes - old.value().length()))
        .orElse(this);
  }

  /** With a log that holds what is live and nothing else. */
  Contents withCompactLog() {
    return new Contents(entries, lastSequence, live, live, liveValueBytes);
  }

  private static long recordBytes(Entry entry) {
    return (long) entry.key().length() + entry.value().length() + bytesOf(entry.attributes());
  }

  private static long bytesOf(Attributes attributes) {
    return attributes.asMap().entrySet().stream()
        .mapToLong(attribute -> attribute.getKey().length() + attribute.getValue().length())
        .sum();
  }
}
