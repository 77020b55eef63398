package io.minikv.engine.compaction;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Attempts;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments that a compaction writes, one after the other. For one thread. */
final class CompactionOutput {

  /** What is written is forced in such steps, so that forces of the log beside it stay short. */
  private static final long FORCE_STEP = 4 << 20;

  private final SegmentDirectory directory;
  private final ValueFiles values;
  private final Throttle throttle;
  private final List<Segment> complete = new ArrayList<>();
  private @Nullable SegmentWriter current;
  private long forcedTo;

  CompactionOutput(SegmentDirectory directory, ValueFiles values, Throttle throttle) {
    this.directory = directory;
    this.values = values;
    this.throttle = throttle;
  }

  /** Copies the record at an offset of a segment; returns the location of the copy. */
  long append(Segment source, long offset, FrameHead head) throws IOException {
    long length = head.frameLength();
    SegmentWriter writer = current;
    if (writer == null || !writer.hasRoom(length)) {
      finishCurrent();
      writer = directory.createCompactedSegment();
      current = writer;
      forcedTo = SegmentHeader.LENGTH;
    }
    long copiedTo = writer.append(source, offset, head);
    if (head.isExternal()) {
      values.name(
          writer.segment().fileNumber(), head.valueFile(), head.keyLength(), head.valueLength());
    }
    if (writer.position() - forcedTo >= FORCE_STEP) {
      force(writer);
    }
    throttle.pay(length);
    return Location.of(writer.segment().fileNumber(), copiedTo);
  }

  private void force(SegmentWriter writer) throws IOException {
    writer.force(forcedTo, writer.position());
    forcedTo = writer.position();
  }

  /** Makes everything durable; returns the segments. */
  List<Segment> finish() throws IOException {
    finishCurrent();
    return List.copyOf(complete);
  }

  private void finishCurrent() throws IOException {
    SegmentWriter writer = current;
    if (writer == null) {
      return;
    }
    force(writer);
    writer.finish();
    complete.add(writer.segment());
    current = null;
  }

  /** Removes everything that was written; no MANIFEST lists it. */
  void discard() throws IOException {
    Attempts attempts = new Attempts();
    attempts.attempt(this::close);
    for (Segment segment : complete) {
      // The inputs still name the same files.
      attempts.attempt(() -> values.release(segment.fileNumber()));
    }
    attempts.attempt(() -> directory.delete(complete));
    attempts.throwFailure();
  }

  /** Closes all files and leaves them where they are: perhaps the MANIFEST on disk lists them. */
  void close() throws IOException {
    SegmentWriter writer = current;
    if (writer != null) {
      complete.add(writer.segment());
      current = null;
    }
    Attempts attempts = new Attempts();
    complete.forEach(segment -> attempts.attempt(segment::close));
    attempts.throwFailure();
  }
}
