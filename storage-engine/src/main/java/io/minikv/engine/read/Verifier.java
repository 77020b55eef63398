package io.minikv.engine.read;

import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads all frames of segments and checks all their checksums. For one thread. */
public final class Verifier {

  private final ProgressListener listener;
  private final long startedNanos = System.nanoTime();
  private final List<Damage> damages = new ArrayList<>();
  private int files;
  private long bytes;
  private long records;

  /** Tells a listener of its progress. */
  public Verifier(ProgressListener listener) {
    this.listener = listener;
  }

  /** Verifies segments, which the caller keeps readable. */
  public VerificationReport verify(List<Segment> segments) throws IOException {
    long total = segments.stream().mapToLong(Segment::end).sum();
    for (Segment segment : segments) {
      verify(segment);
      files++;
      bytes += segment.end();
      listener.onProgress(bytes, Math.max(bytes, total));
    }
    return new VerificationReport(
        files, bytes, records, damages, Duration.ofNanos(System.nanoTime() - startedNanos));
  }

  private void verify(Segment segment) throws IOException {
    FrameScanner frames = new FrameScanner(segment);
    try {
      while (frames.next()) {
        if (frames.head().isRecord()) {
          verifyRecord(segment, frames);
        }
      }
    } catch (DamagedSegmentException e) {
      long from = frames.nextOffset();
      damages.add(
          new Damage(segment.name(), from, segment.end() - from, Optional.empty(), e.problem()));
    }
  }

  private void verifyRecord(Segment segment, FrameScanner frames) throws IOException {
    try {
      segment.value(frames.offset(), frames.head());
      records++;
    } catch (DamagedSegmentException e) {
      damages.add(
          new Damage(
              segment.name(),
              e.offset(),
              frames.nextOffset() - e.offset(),
              Optional.of(frames.head().key()),
              e.problem()));
    }
  }
}
