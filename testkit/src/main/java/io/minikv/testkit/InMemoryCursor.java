package io.minikv.testkit;

import io.minikv.domain.Cursor;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.ScanOptions.Projection;
import io.minikv.domain.Value;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cursor over a tree that never changes. */
final class InMemoryCursor extends Handle implements Cursor {

  private final InstantSource clock;
  private final ScanOptions options;
  private final Optional<Instant> usableUntil;
  private final long openedAtMillis;
  private final Iterator<Entry> entries;
  private long returned;
  private @Nullable Entry current;

  InMemoryCursor(
      InMemoryKeyValueStore store,
      InstantSource clock,
      ScanOptions options,
      Instant openedAt,
      Iterator<Entry> entries) {
    super(store, "cursor");
    this.clock = clock;
    this.options = options;
    this.usableUntil = options.maxAge().map(openedAt::plus);
    this.openedAtMillis = openedAt.toEpochMilli();
    this.entries = entries;
  }

  @Override
  public boolean next() {
    current = null;
    checkOpen();
    checkAge();
    if (returned == options.limit()) {
      return false;
    }
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (Contents.isPresent(entry, openedAtMillis)) {
        current = entry;
        returned++;
        return true;
      }
    }
    return false;
  }

  private void checkAge() {
    if (usableUntil.isPresent() && clock.instant().isAfter(usableUntil.get())) {
      throw new CursorExpiredException(
          "The cursor was open for longer than "
              + options.maxAge().orElseThrow()
              + ". Scan again behind the last key seen.");
    }
  }

  @Override
  public Key key() {
    return info().key();
  }

  @Override
  public EntryInfo info() {
    return position().info();
  }

  @Override
  public Value value() {
    if (options.projection() == Projection.KEYS) {
      throw new IllegalStateException("The scan was opened for keys only, so there are no values.");
    }
    return position().value();
  }

  private Entry position() {
    checkOpen();
    if (current == null) {
      throw new IllegalStateException(
          "The cursor has no position. Call next() until it returns false.");
    }
    return current;
  }
}
