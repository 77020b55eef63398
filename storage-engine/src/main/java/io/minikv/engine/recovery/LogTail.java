package io.minikv.engine.recovery;

import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a crash left of a segment whose end was not known. See {@code docs/format/segment.md},
 * "Where a segment ends".
 *
 * @param end where the last complete write ends, in bytes
 * @param durableEnd how much of that was durable before: what lies behind may have been read from
 *     memory only, where a failed force leaves it
 * @param contentEnd where the last byte that is not zero ends; beyond {@code end} the segment is
 *     torn
 * @param damagedValues offsets of durable records whose values are damaged; their keys are known
 */
record LogTail(long end, long durableEnd, long contentEnd, List<Long> damagedValues) {

  private static final int CHUNK_LENGTH = 64 << 10;

  /** Whether there are complete writes that may not be durable. */
  boolean isUncertain() {
    return end > durableEnd;
  }

  /** Whether there are bytes behind the last complete write. */
  boolean isTorn() {
    return contentEnd > end;
  }

  /**
   * Finds the end of a segment.
   *
   * @param segment all bytes of its file
   * @param from where to begin; all before is known to be durable, and a write begins there
   * @param contentEnd where the last byte that is not zero ends
   * @param followed whether a later segment was written to, so that this one was durable to its end
   * @throws DamagedSegmentException when bytes are damaged that were durable, so that it is not
   *     known which keys they held
   */
  static LogTail of(Segment segment, long from, long contentEnd, boolean followed)
      throws IOException {
    if (segment.end() < from) {
      throw lost(segment, segment.end());
    }
    Scan scan = new Scan(segment, from, segment.end());
    long durable = followed ? Long.MAX_VALUE : scan.watermark;
    if (!followed && contentEnd > scan.end) {
      durable = Math.max(durable, highestWatermark(segment, scan.end, contentEnd));
    }
    List<Long> damagedValues = new ArrayList<>();
    long end = scan.end;
    for (long offset : scan.damagedValues) {
      if (offset < durable) {
        damagedValues.add(offset);
      } else {
        end = Math.min(end, offset);
      }
    }
    end = end == scan.end ? scan.completeEnd : new Scan(segment, from, end).completeEnd;
    boolean sealed = scan.sealed && end == scan.end;
    boolean lostDurable = followed ? !sealed : end < durable;
    if (lostDurable) {
      throw lost(segment, end);
    }
    damagedValues.removeIf(offset -> offset >= scan.end);
    long durableEnd = followed ? end : Math.max(durable, from);
    return new LogTail(end, durableEnd, contentEnd, List.copyOf(damagedValues));
  }

  private static DamagedSegmentException lost(Segment segment, long end) {
    return new DamagedSegmentException(
        segment.name(),
        end,
        "has lost records that were on the disk: its bytes were changed or cut");
  }

  /** A pass over intact frames. */
  private static final class Scan {

    private final List<Long> damagedValues = new ArrayList<>();
    private final long end;

    /** Where the last frame ends that no other frame of its batch follows. */
    private long completeEnd;

    private long watermark;
    private boolean sealed;

    Scan(Segment segment, long from, long limit) throws IOException {
      FrameScanner frames = FrameScanner.between(segment, from, limit);
      completeEnd = from;
      sealed = from > SegmentHeader.LENGTH && isSealedBefore(segment, from);
      try {
        while (!sealed && frames.next()) {
          FrameHead head = frames.head();
          if (head.isRecord()) {
            checkValue(frames);
          } else {
            watermark = Math.max(watermark, head.durableOffset());
            sealed = head.isSeal();
          }
          if (!frames.head().continues()) {
            completeEnd = frames.nextOffset();
          }
        }
      } catch (DamagedSegmentException _) {
        // The intact frames end here; what this means is decided by what lies behind.
      }
      end = frames.nextOffset();
    }

    /** Whether the log had gone on in the next segment when this one was known up to there. */
    private static boolean isSealedBefore(Segment segment, long from) throws IOException {
      try {
        return segment.head(from - Frame.WATERMARK_LENGTH).isSeal();
      } catch (DamagedSegmentException _) {
        return false; // No frame begins there.
      }
    }

    private void checkValue(FrameScanner frames) throws IOException {
      try {
        frames.checkStored();
      } catch (DamagedSegmentException _) {
        damagedValues.add(frames.offset());
      }
    }
  }

  /**
   * The highest durable offset that an intact watermark tells, wherever between two offsets it
   * lies.
   */
  private static long highestWatermark(Segment segment, long from, long to) throws IOException {
    long highest = 0;
    byte[] chunk = new byte[CHUNK_LENGTH + Frame.WATERMARK_LENGTH];
    for (long start = Frame.align(from); start < to; start += CHUNK_LENGTH) {
      int length = (int) Math.min(chunk.length, segment.end() - start);
      segment.read(start, chunk, 0, length);
      for (int at = 0;
          at < CHUNK_LENGTH && at + Frame.WATERMARK_LENGTH <= length;
          at += Frame.ALIGNMENT) {
        highest =
            Math.max(highest, FrameHead.durableOffset(chunk, at, segment.identity(), start + at));
      }
    }
    return highest;
  }
}
