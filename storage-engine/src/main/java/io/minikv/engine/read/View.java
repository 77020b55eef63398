package io.minikv.engine.read;

import io.minikv.engine.segment.Segment;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The store as of one moment: the segments that it had, kept readable until the view is closed, and
 * the last sequence number that was visible. Records never change, so nothing else is needed.
 */
final class View implements Closeable {

  private final long sequence;
  private final List<Part> parts;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A segment as far as it was written.
   *
   * @param segment the segment
   * @param end where its last frame ended
   */
  record Part(Segment segment, long end) {}

  /**
   * As of now; called under the lock of the writers.
   *
   * @param sequence of the last write that is visible
   */
  View(long sequence, List<Segment> segments) {
    this.sequence = sequence;
    this.parts = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      if (segment.pin()) {
        parts.add(new Part(segment, segment.end()));
      }
    }
  }

  /** The sequence number of the last write in it. */
  long sequence() {
    return sequence;
  }

  /** Its segments. */
  List<Part> parts() {
    return parts;
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      for (Part part : parts) {
        part.segment().unpin();
      }
    }
  }
}
