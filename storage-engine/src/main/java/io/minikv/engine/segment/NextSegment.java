package io.minikv.engine.segment;

import io.minikv.engine.io.DiskFullException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segment of the log that will follow the active one. It is made in the background, so that the
 * end of a segment holds up writers for a moment only. Thread-safe.
 */
final class NextSegment {

  private final SegmentDirectory directory;
  private final Executor background;
  private final Consumer<IOException> onFailure;

  /** Made ready; changed under the lock of this, which is held while it is made. */
  private volatile @Nullable SegmentWriter ready;

  /** Whether it is being made in the background. */
  private final AtomicBoolean preparing = new AtomicBoolean();

  /**
   * For the log in a directory.
   *
   * @param onFailure is told of a failure in the background after which the log must not be written
   */
  NextSegment(SegmentDirectory directory, Executor background, Consumer<IOException> onFailure) {
    this.directory = directory;
    this.background = background;
    this.onFailure = onFailure;
  }

  /** Makes it in the background, with space for its first records, as far as the log allows. */
  void prepare(Log log) {
    if (ready != null || !preparing.compareAndSet(false, true)) {
      return;
    }
    background.execute(() -> {
      try {
        SegmentWriter made = make(log);
        made.expectToBeFilled();
        if (log.leavesReserve(made, made.sizeToBeginWith())) {
          made.reserveAhead(made.sizeToBeginWith());
        }
      } catch (DiskFullException _) {
        // The writer that needs the segment or its space tries again, and tells its caller.
      } catch (IOException e) {
        onFailure.accept(e);
      } finally {
        preparing.set(false);
      }
    });
  }

  /** Returns the one made ready, or makes it. */
  synchronized SegmentWriter make(Log log) throws IOException {
    SegmentWriter made = ready;
    if (made == null) {
      made = directory.createLogSegment();
      log.expectForces(made);
      ready = made;
    }
    return made;
  }

  /** It is the active one now. */
  synchronized void taken() {
    ready = null;
  }

  /** Closes the one made ready, if there is one; it holds nothing. */
  synchronized List<Segment> release() throws IOException {
    SegmentWriter unused = ready;
    ready = null;
    if (unused == null) {
      return List.of();
    }
    unused.segment().close();
    return List.of(unused.segment());
  }

  /** How much of the disk it takes. */
  long bytes() {
    SegmentWriter made = ready;
    return made == null ? 0 : made.segment().fileBytes();
  }
}
