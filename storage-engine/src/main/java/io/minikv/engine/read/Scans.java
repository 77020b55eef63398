package io.minikv.engine.read;

import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Opens cursors. The keys of a range are read from their records and sorted when the cursor is
 * opened, so that it takes memory for each of them; values are read one by one.
 *
 * <p>Thread-safe.
 */
public final class Scans {

  /** One for all stores: each has a thread, which would outlive a store that was closed. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final EntryTable table;
  private final Values values;
  private final CommitPipeline pipeline;
  private final InstantSource clock;
  private final BooleanSupplier closed;

  /** Scans what is in a table; {@code closed} tells that the store was closed. */
  public Scans(
      EntryTable table, CommitPipeline pipeline, InstantSource clock, BooleanSupplier closed) {
    this.table = table;
    this.values = new Values(table.values());
    this.pipeline = pipeline;
    this.clock = clock;
    this.closed = closed;
  }

  /**
   * A key and where its record lies.
   *
   * @param key the key
   * @param location where its record lies
   */
  record Position(Key key, long location) {}

  /** See {@link io.minikv.domain.KeyValueStore#scan}. */
  public Cursor scan(KeyRange range, ScanOptions options) {
    View view = openView();
    try {
      List<Position> positions = positions(view, range);
      Comparator<Position> order = Comparator.comparing(Position::key);
      positions.sort(
          options.direction() == ScanOptions.Direction.FORWARDS ? order : order.reversed());
      if (positions.size() > options.limit()) {
        positions = new ArrayList<>(positions.subList(0, (int) options.limit()));
      }
      return new ViewCursor(view, values, positions, options, clock, closed, CLEANER);
    } catch (RuntimeException e) {
      close(view);
      throw e;
    }
  }

  /** See {@link io.minikv.domain.KeyValueStore#count}. */
  public long count(KeyRange range) {
    View view = openView();
    try {
      return positions(view, range).size();
    } finally {
      close(view);
    }
  }

  private View openView() {
    if (closed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    return pipeline.underLock(() -> new View(table));
  }

  private List<Position> positions(View view, KeyRange range) {
    long nowMillis = clock.millis();
    List<Position> positions = new ArrayList<>();
    try {
      for (long location : view.locations()) {
        addPosition(view.segment(location), location, range, nowMillis, positions);
      }
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The view keeps its segments, unless the store ends.
    }
    return positions;
  }

  private static void addPosition(
      Segment segment, long location, KeyRange range, long nowMillis, List<Position> positions) {
    try {
      FrameHead head = segment.head(Location.offset(location));
      Key key = head.key();
      if (range.contains(key) && !Frame.isExpired(head.expiresAtMillis(), nowMillis)) {
        positions.add(new Position(key, location));
      }
    } catch (IOException e) {
      throw ReadErrors.of(e, Optional.empty(), segment.name());
    }
  }

  private static void close(View view) {
    try {
      view.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
