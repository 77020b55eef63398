package io.minikv.engine.recovery;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.snapshot.LoadedSnapshot;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a crash left of the segments whose ends the MANIFEST does not know: where they end, what is
 * torn, and what may not be durable.
 */
final class LogEnds {

  private final SegmentFiles files;
  private final @Nullable LoadedSnapshot snapshot;
  private final List<String> findings;
  private final List<String> removable;
  private final Map<SegmentEntry, LogTail> torn = new LinkedHashMap<>();

  /** Where the last complete write of each open segment ends. */
  private final Map<SegmentEntry, Long> ends = new LinkedHashMap<>();

  private @Nullable Uncertain uncertain;

  /**
   * A segment with writes that may not be durable.
   *
   * @param entry the segment
   * @param tail where they are
   */
  private record Uncertain(SegmentEntry entry, LogTail tail) {}

  /**
   * For the segments of a store.
   *
   * @param snapshot what it covers is durable
   * @param findings gets what is not as a clean end leaves it
   * @param removable gets the names of segments that no write ever reached
   */
  LogEnds(
      SegmentFiles files,
      @Nullable LoadedSnapshot snapshot,
      List<String> findings,
      List<String> removable) {
    this.files = files;
    this.snapshot = snapshot;
    this.findings = findings;
    this.removable = removable;
  }

  /** Finds the ends of open segments; changes nothing on the disk. */
  void find(Map<Long, SegmentEntry> entries) throws IOException {
    List<SegmentEntry> open =
        entries.values().stream().filter(entry -> entry.state() == Manifest.State.OPEN).toList();
    boolean followed = false;
    boolean followerHasRecords = false;
    SegmentEntry follower = null;
    for (SegmentEntry entry : open.reversed()) {
      long number = entry.fileNumber();
      long covered = snapshot == null ? SegmentHeader.LENGTH : snapshot.coveredEnd(number);
      LogTail tail;
      try {
        tail = files.tail(entry, covered, followed);
      } catch (DamagedSegmentException e) {
        throw follower == null || followerHasRecords ? e : writtenTooEarly(follower, entry);
      }
      ends.put(entry, tail == null ? SegmentHeader.LENGTH : tail.end());
      if (tail == null) {
        entries.remove(number);
        removable.add(FileNames.segment(number));
        continue;
      }
      entries.put(
          number,
          new SegmentEntry(number, entry.kind(), Manifest.State.COMPLETE, tail.durableEnd(), 0, 0));
      report(entry, tail);
      if (tail.isUncertain()) {
        uncertain = new Uncertain(entry, tail);
      }
      followed = true;
      follower = entry;
      followerHasRecords = tail.end() > SegmentHeader.LENGTH;
    }
  }

  /** A segment has bytes, and nothing but they tells that the one before was ended. */
  private static DamagedSegmentException writtenTooEarly(
      SegmentEntry segment, SegmentEntry before) {
    return new DamagedSegmentException(
        FileNames.segment(segment.fileNumber()),
        SegmentHeader.LENGTH,
        "has bytes that are no record, though "
            + FileNames.segment(before.fileNumber())
            + " before it was still written: one of the two was changed");
  }

  private void report(SegmentEntry entry, LogTail tail) {
    String name = FileNames.segment(entry.fileNumber());
    if (tail.isTorn()) {
      torn.put(entry, tail);
      findings.add(
          name
              + " ends with a write that a crash cut short: "
              + (tail.contentEnd() - tail.end())
              + " bytes from byte "
              + tail.end()
              + " on were set aside in "
              + FileNames.torn(entry.fileNumber())
              + ".");
    }
    for (long offset : tail.damagedValues()) {
      findings.add(
          name
              + ", at byte "
              + offset
              + ", has a value whose checksum does not fit; its key cannot be read.");
    }
  }

  /**
   * Gives back what was allocated ahead of the log. On a disk that is full it can be all the space
   * that there is for the rest of the opening.
   */
  void giveBackSpace() throws IOException {
    for (Map.Entry<SegmentEntry, Long> each : ends.entrySet()) {
      files.cutZeros(each.getKey(), each.getValue());
    }
  }

  /** Copies what is torn to files of its own. */
  void setTornAside() throws IOException {
    for (Map.Entry<SegmentEntry, LogTail> each : torn.entrySet()) {
      files.setAside(each.getKey(), each.getValue());
    }
  }

  /**
   * Copies the writes that may not be durable into a segment of their own, durably. To force them
   * where they are would prove nothing: after a force that failed, they can be in the memory of the
   * operating system only, which takes them for written.
   *
   * @param opened gets the segment at once, to be closed when this fails
   * @return the segment; nothing when there are none
   */
  @Nullable Segment copyUncertain(SegmentDirectory directory, List<Segment> opened)
      throws IOException {
    Uncertain found = uncertain;
    if (found == null) {
      return null;
    }
    SegmentWriter copy = directory.createCompactedSegment();
    opened.add(copy.segment());
    Segment original = files.openWhole(found.entry(), found.tail());
    try {
      FrameScanner frames = FrameScanner.from(original, found.tail().durableEnd());
      while (frames.next()) {
        if (frames.head().isRecord()) {
          copy.append(original, frames.offset(), frames.head());
        }
      }
    } finally {
      original.close();
    }
    copy.force(SegmentHeader.LENGTH, copy.position());
    copy.finish();
    return copy.segment();
  }
}
