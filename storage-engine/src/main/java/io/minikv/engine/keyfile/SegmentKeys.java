package io.minikv.engine.keyfile;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a segment, sorted in memory as far as they were asked for. What is sorted once stays
 * so: only what was written since is sorted, into a run of its own, which is merged with the former
 * ones in such a way that each is several times as large as the next one. So there are few of them,
 * and an entry is moved a few times only, however often a segment is scanned while it grows. For
 * scans entries lie in memory in their order.
 *
 * <p>Takes some 15 bytes an entry more than its key. Thread-safe.
 */
final class SegmentKeys {

  /** A run that is not at least so many times as large as the one behind it is merged with that. */
  private static final int GROWTH = 4;

  private final Segment segment;

  // Both are guarded by this.
  private final List<SortedRun> runs = new ArrayList<>();
  private long sortedEnd = SegmentHeader.LENGTH;

  SegmentKeys(Segment segment) {
    this.segment = segment;
  }

  /**
   * The runs that hold all records before an offset, and perhaps some behind it.
   *
   * @param end where a frame ends, or the header
   */
  synchronized List<SortedRun> runs(long end) throws IOException {
    if (end > sortedEnd) {
      readTo(end, SortedRun::packed, Breather.restless());
    }
    return List.copyOf(runs);
  }

  /** All records before an offset in order, and none behind it; for the background. */
  synchronized EntrySource inOrder(long end, Breather breather) throws IOException {
    if (runs.isEmpty()) {
      return new SortedParts(segment, end, breather); // It is read once, and need not stay.
    }
    if (end > sortedEnd) {
      readTo(end, run -> run, breather);
    }
    while (runs.size() > 1) {
      mergeLast(breather);
    }
    return runs.getFirst().inOrder();
  }

  private void readTo(long end, Arranging arranging, Breather breather) throws IOException {
    RunBuilder records = new RunBuilder();
    long readEnd = sortedEnd;
    FrameScanner frames = FrameScanner.from(segment, sortedEnd);
    try {
      while (frames.nextOffset() < end && frames.next()) {
        if (frames.head().isRecord()) {
          records.add(frames.head(), frames.offset());
        }
        readEnd = frames.nextOffset();
        breather.breathe();
      }
    } finally { // What was read before damage must not take memory again at each try.
      if (!records.isEmpty()) {
        runs.add(arranging.arrange(records.sorted(breather)));
      }
      sortedEnd = readEnd;
    }
    while (runs.size() > 1
        && runs.get(runs.size() - 2).entries() < GROWTH * runs.getLast().entries()) {
      mergeLast(breather);
    }
  }

  private void mergeLast(Breather breather) throws IOException {
    SortedRun merged = runs.get(runs.size() - 2).mergedWith(runs.getLast(), breather);
    runs.removeLast();
    runs.removeLast();
    runs.add(merged);
  }

  /** How a run that was just sorted lies in memory. */
  @FunctionalInterface
  private interface Arranging {

    SortedRun arrange(SortedRun run) throws IOException;
  }
}
