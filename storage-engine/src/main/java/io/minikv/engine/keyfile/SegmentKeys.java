package io.minikv.engine.keyfile;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** One run that holds all records before an offset, and none behind it; for the background. */
  synchronized SortedRun wholeRun(long end, Breather breather) throws IOException {
    if (end > sortedEnd) {
      readTo(end, run -> run, breather); // It is read once, and needs no second copy in memory.
    }
    while (runs.size() > 1) {
      mergeLast(breather);
    }
    return runs.isEmpty() ? SortedRun.EMPTY : runs.getFirst();
  }

  private void readTo(long end, Arranging arranging, Breather breather) throws IOException {
    KeyArena arena = new KeyArena();
    int[] numbers = new int[64];
    int count = 0;
    long readEnd = sortedEnd;
    FrameScanner frames = FrameScanner.from(segment, sortedEnd);
    try {
      while (frames.nextOffset() < end && frames.next()) {
        if (frames.head().isRecord()) {
          if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
          }
          numbers[count++] = arena.add(frames.head(), frames.offset());
        }
        readEnd = frames.nextOffset();
        breather.breathe();
      }
    } finally { // What was read before damage must not take memory again at each try.
      if (count > 0) {
        int[] sorted = Arrays.copyOf(numbers, count);
        new KeyOrder(arena.chunks(), breather).sort(sorted);
        runs.add(arranging.arrange(new SortedRun(arena.chunks(), sorted)));
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
