package io.minikv.engine.read;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.values.ValueFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads all frames of segments, and the value files of those that are live, and checks all their
 * checksums. For one thread.
 */
public final class Verifier {

  private final EntryTable table;
  private final ProgressListener listener;
  private final long startedNanos = System.nanoTime();
  private final List<Damage> damages = new ArrayList<>();
  private int files;
  private long bytes;
  private long records;

  /** Looks up in a table which records are live; tells a listener of its progress. */
  public Verifier(EntryTable table, ProgressListener listener) {
    this.table = table;
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
      segment.storedValue(frames.offset(), frames.head());
    } catch (DamagedSegmentException e) {
      damages.add(
          new Damage(
              segment.name(),
              e.offset(),
              frames.nextOffset() - e.offset(),
              Optional.of(frames.head().key()),
              e.problem()));
      return;
    }
    if (!frames.head().isExternal() || !isLive(frames) || verifyValueFile(frames.head())) {
      records++;
    }
  }

  /** The file of a record that is dead may have gone. */
  private boolean isLive(FrameScanner frames) throws IOException {
    Key key = frames.head().key();
    Found live = table.findToReplace(key, table.hash(key));
    return live != null && live.location() == frames.location();
  }

  private boolean verifyValueFile(FrameHead head) throws IOException {
    Key key = head.key();
    files++;
    try (ValueFile file = table.values().open(head.valueFile(), key, head.valueLength())) {
      byte[] block = new byte[Frame.BLOCK_LENGTH];
      for (int from = 0; from < head.valueLength(); from += block.length) {
        file.read(from, block, Math.min(block.length, head.valueLength() - from));
      }
      bytes += head.valueLength();
      return true;
    } catch (DamagedSegmentException e) {
      damages.add(
          new Damage(e.file(), e.offset(), head.valueLength(), Optional.of(key), e.problem()));
      return false;
    }
  }
}
