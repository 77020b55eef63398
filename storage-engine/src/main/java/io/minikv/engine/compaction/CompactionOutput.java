package io.minikv.engine.compaction;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments that a compaction writes, one after the other. For one thread. */
final class CompactionOutput {

  private final SegmentDirectory directory;
  private final List<Segment> complete = new ArrayList<>();
  private @Nullable SegmentWriter current;

  CompactionOutput(SegmentDirectory directory) {
    this.directory = directory;
  }

  void append(Segment source, FrameScanner frames) throws IOException {
    long length = frames.head().frameLength();
    SegmentWriter writer = current;
    if (writer == null || !writer.hasRoom(length)) {
      finishCurrent();
      writer = directory.createCompactedSegment();
      current = writer;
    }
    writer.append(source, frames);
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
    }
    directory.delete(complete);
    complete.clear();
  }
}
