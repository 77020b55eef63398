package io.minikv.engine.read;

import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The store as of one moment: where each live record lay, with the segments kept readable until it
 * is closed. Records never change, so nothing else is needed.
 */
final class View implements Closeable {

  private final long[] locations;
  private final Map<Long, Segment> segments = new HashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** As of now; called under the lock of the writers. */
  View(EntryTable table) {
    this.locations = table.locations();
    for (Segment segment : table.segments().all()) {
      if (segment.pin()) {
        segments.put(segment.fileNumber(), segment);
      }
    }
  }

  /** Where all live records lay, in no order. */
  long[] locations() {
    return locations;
  }

  /** The segment of a location. */
  Segment segment(long location) {
    Segment segment = segments.get(Location.fileNumber(location));
    if (segment == null) {
      throw new MappingClosedException("segment " + Location.fileNumber(location));
    }
    return segment;
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      for (Segment segment : segments.values()) {
        segment.unpin();
      }
    }
  }
}
