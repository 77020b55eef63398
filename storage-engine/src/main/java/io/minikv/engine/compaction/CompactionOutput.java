package io.minikv.engine.compaction;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.FrameScanner;
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

  private final SegmentDirectory directory;
  private final ValueFiles values;
  private final List<Segment> complete = new ArrayList<>();
  private @Nullable SegmentWriter current;

  CompactionOutput(SegmentDirectory directory, ValueFiles values) {
    this.directory = directory;
    this.values = values;
  }

  void append(Segment source, FrameScanner frames) throws IOException {
    FrameHead head = frames.head();
    long length = head.frameLength();
    SegmentWriter writer = current;
    if (writer == null || !writer.hasRoom(length)) {
      finishCurrent();
      writer = directory.createCompactedSegment();
      current = writer;
    }
    writer.append(source, frames);
    if (head.isExternal()) {
      values.name(
          writer.segment().fileNumber(), head.valueFile(), head.keyLength(), head.valueLength());
    }
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
    writer.force(SegmentHeader.LENGTH, writer.position());
    writer.finish();
    complete.add(writer.segment());
    current = null;
  }

  /** Removes everything that was written; no MANIFEST lists it. */
  void discard() throws IOException {
    SegmentWriter writer = current;
    if (writer != null) {
      complete.add(writer.segment());
      current = null;
    }
    for (Segment segment : complete) {
      segment.close();
      values.release(segment.fileNumber()); // The inputs still name the same files.
    }
    directory.delete(complete);
    complete.clear();
  }
}
