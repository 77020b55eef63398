package io.minikv.engine.read;

import io.minikv.domain.Cursor;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor over the keys of a view. Values are read when they are asked for. */
final class ViewCursor implements Cursor {

  private static final Logger LOG = LoggerFactory.getLogger(ViewCursor.class);

  private final Values values;
  private final ReadAhead keys;
  private final boolean keysOnly;
  private final Optional<Duration> maxAge;
  private final InstantSource clock;
  private final long openedAtMillis;
  private final BooleanSupplier storeClosed;
  private final Cleaner.Cleanable leak;
  private final LeakGuard guard;
  private long remaining;
  private @Nullable FoundKey position;
  private @Nullable Key key;
  private @Nullable FrameHead head;

  ViewCursor(
      View view,
      Values values,
      ReadAhead keys,
      ScanOptions options,
      InstantSource clock,
      BooleanSupplier storeClosed,
      Cleaner cleaner) {
    this.values = values;
    this.keys = keys;
    this.remaining = options.limit();
    this.keysOnly = options.projection() == ScanOptions.Projection.KEYS;
    this.maxAge = options.maxAge();
    this.clock = clock;
    this.openedAtMillis = clock.millis();
    this.storeClosed = storeClosed;
    this.guard = new LeakGuard(view, ViewCursor::warnOfLeak);
    this.leak = cleaner.register(this, guard);
  }

  private static void warnOfLeak() {
    LOG.warn("A cursor was dropped without being closed. Close cursors: they keep disk space.");
  }

  @Override
  public boolean next() {
    checkUsable();
    head = null;
    key = null;
    position = null; // As it stays when the next line fails.
    position = remaining > 0 ? nextPosition() : null;
    remaining = position != null ? remaining - 1 : 0;
    return position != null;
  }

  private @Nullable FoundKey nextPosition() {
    try {
      return keys.next(remaining);
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The view keeps its segments, unless the store ends.
    } catch (IOException e) {
      throw ReadErrors.ofScan(e);
    }
  }

  private void checkUsable() {
    if (guard.isClosed()) {
      throw new StoreClosedException("The cursor is closed.");
    }
    if (storeClosed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    if (maxAge.isPresent() && clock.millis() - openedAtMillis >= maxAge.get().toMillis()) {
      throw new CursorExpiredException(
          "The cursor is older than " + maxAge.get() + ". Scan again behind the last key.");
    }
  }

  private FoundKey position() {
    FoundKey found = position;
    if (found == null) {
      throw new IllegalStateException(
          "The cursor has no position: next() was not called, or returned false.");
    }
    return found;
  }

  @Override
  public Key key() {
    FoundKey found = position();
    Key known = key;
    if (known == null) {
      known = found.key();
      key = known;
    }
    return known;
  }

  @Override
  public int readKey(byte[] target) {
    return position().copyKey(target);
  }

  @Override
  public EntryInfo info() {
    return read(found -> head(found).info(key()));
  }

  @Override
  public Value value() {
    requireValues();
    return read(this::value);
  }

  @Override
  public int readValue(byte[] target) {
    requireValues();
    FoundKey found = position();
    int length = found.valueLength();
    if (!found.isPlain() || length > target.length) {
      return Cursor.super.readValue(target);
    }
    read(at -> at.segment().readValue(at.offset(), at.headLength(), target, length));
    return length;
  }

  private void requireValues() {
    position();
    if (keysOnly) {
      throw new IllegalStateException("The scan was opened for keys only.");
    }
  }

  /** The key file tells where the value lies, so that the head need not be read for it. */
  private Value value(FoundKey found) throws IOException {
    Segment segment = found.segment();
    return found.isPlain()
        ? Value.wrap(segment.value(found.offset(), found.headLength(), found.valueLength()))
        : values.read(segment, found.offset(), head(found));
  }

  private FrameHead head(FoundKey found) throws IOException {
    FrameHead known = head;
    if (known == null) {
      known = found.segment().head(found.offset());
      head = known;
    }
    return known;
  }

  private <T> T read(Reading<T> reading) {
    FoundKey found = position();
    checkUsable();
    try {
      return reading.read(found);
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The view keeps its segments, unless the store ends.
    } catch (FormatException e) {
      throw ReadErrors.of(e, key(), found.segment().name());
    } catch (IOException e) {
      throw ReadErrors.of(e, Optional.of(key()), found.segment().name());
    }
  }

  @Override
  public void close() {
    guard.markClosed();
    leak.clean();
  }

  /** What is read of the record at the position. */
  @FunctionalInterface
  private interface Reading<T> {

    T read(FoundKey found) throws IOException, FormatException;
  }
}
