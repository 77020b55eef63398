package io.minikv.engine.read;

import io.minikv.engine.keyfile.SegmentPart;
import io.minikv.engine.segment.Segment;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The store as of one moment: the segments that it had, kept readable until the view is closed, and
 * the last sequence number that was visible. Records never change, so nothing else is needed.
 */
final class View implements Closeable {

  private final long sequence;
  private final List<SegmentPart> parts;

  // Both are guarded by this.
  private final List<Runnable> closedWithIt = new ArrayList<>();
  private boolean closed;

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
        parts.add(new SegmentPart(segment, segment.end()));
      }
    }
  }

  /** The sequence number of the last write in it. */
  long sequence() {
    return sequence;
  }

  /** Its segments. */
  List<SegmentPart> parts() {
    return parts;
  }

  /** Runs something when the view is closed; at once when it is. */
  synchronized void closeWithIt(Runnable closing) {
    if (closed) {
      closing.run();
    } else {
      closedWithIt.add(closing);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      closedWithIt.forEach(Runnable::run);
      for (SegmentPart part : parts) {
        part.segment().unpin();
      }
    }
  }
}
