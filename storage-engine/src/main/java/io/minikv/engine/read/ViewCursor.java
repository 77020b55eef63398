package io.minikv.engine.read;

import io.minikv.domain.Cursor;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor over sorted positions of a view. */
final class ViewCursor implements Cursor {

  private static final Logger LOG = LoggerFactory.getLogger(ViewCursor.class);

  private final View view;
  private final Values values;
  private final List<Scans.Position> positions;
  private final ScanOptions options;
  private final InstantSource clock;
  private final long openedAtMillis;
  private final BooleanSupplier storeClosed;
  private final Cleaner.Cleanable leak;
  private final LeakGuard guard;
  private int nextIndex;
  private Scans.@Nullable Position position;
  private @Nullable FrameHead head;

  ViewCursor(
      View view,
      Values values,
      List<Scans.Position> positions,
      ScanOptions options,
      InstantSource clock,
      BooleanSupplier storeClosed,
      Cleaner cleaner) {
    this.view = view;
    this.values = values;
    this.positions = positions;
    this.options = options;
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
    position = nextIndex < positions.size() ? positions.get(nextIndex++) : null;
    return position != null;
  }

  private void checkUsable() {
    if (guard.isClosed()) {
      throw new StoreClosedException("The cursor is closed.");
    }
    if (storeClosed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    if (options.maxAge().isPresent()
        && clock.millis() - openedAtMillis >= options.maxAge().get().toMillis()) {
      throw new CursorExpiredException(
          "The cursor is older than "
              + options.maxAge().get()
              + ". Scan again behind the last key.");
    }
  }

  private Scans.Position position() {
    Scans.Position current = position;
    if (current == null) {
      throw new IllegalStateException(
          "The cursor has no position: next() was not called, or returned false.");
    }
    return current;
  }

  @Override
  public Key key() {
    return position().key();
  }

  @Override
  public EntryInfo info() {
    return read((current, segment) -> head(current, segment).info(current.key()));
  }

  @Override
  public Value value() {
    position();
    if (options.projection() == ScanOptions.Projection.KEYS) {
      throw new IllegalStateException("The scan was opened for keys only.");
    }
    return read((current, segment) ->
        values.read(segment, Location.offset(current.location()), head(current, segment)));
  }

  private FrameHead head(Scans.Position current, Segment segment) throws IOException {
    FrameHead known = head;
    if (known == null) {
      known = segment.head(Location.offset(current.location()));
      head = known;
    }
    return known;
  }

  private <T> T read(Reading<T> reading) {
    Scans.Position current = position();
    checkUsable();
    String file = FileNames.segment(Location.fileNumber(current.location()));
    try {
      return reading.read(current, view.segment(current.location()));
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The view keeps its segments, unless the store ends.
    } catch (FormatException e) {
      throw ReadErrors.of(e, current.key(), file);
    } catch (IOException e) {
      throw ReadErrors.of(e, Optional.of(current.key()), file);
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

    T read(Scans.Position current, Segment segment) throws IOException, FormatException;
  }
}
