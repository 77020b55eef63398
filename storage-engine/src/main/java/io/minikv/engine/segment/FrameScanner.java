package io.minikv.engine.segment;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the frames of a segment in the order in which they were written. For one thread at a
 * time.
 */
public final class FrameScanner {

  private final Segment segment;
  private final long limit;
  private long nextOffset = SegmentHeader.LENGTH;
  private long offset;
  private @Nullable FrameHead head;

  /** Goes through all frames that the segment has now. */
  public FrameScanner(Segment segment) {
    this(segment, segment.end());
  }

  /** Goes through the frames from an offset on, where one begins. */
  public static FrameScanner from(Segment segment, long offset) {
    FrameScanner frames = new FrameScanner(segment);
    frames.nextOffset = offset;
    return frames;
  }

  /** Goes through the frames from an offset on, where one begins, and before another offset. */
  public static FrameScanner between(Segment segment, long offset, long limit) {
    FrameScanner frames = new FrameScanner(segment, limit);
    frames.nextOffset = offset;
    return frames;
  }

  /** Goes through the frames before an offset. */
  public FrameScanner(Segment segment, long limit) {
    this.segment = segment;
    this.limit = limit;
  }

  /**
   * Moves to the next frame, whose head is then verified, but not its value.
   *
   * @return false at the end
   * @throws DamagedSegmentException when there is no intact frame; {@link #nextOffset} tells where
   */
  public boolean next() throws IOException {
    if (nextOffset >= limit) {
      return false;
    }
    FrameHead next = segment.head(nextOffset);
    head = next;
    offset = nextOffset;
    nextOffset += next.frameLength();
    return true;
  }

  /** Where the frame begins. */
  public long offset() {
    return offset;
  }

  /** Where the frame ends, and the next one begins. */
  public long nextOffset() {
    return nextOffset;
  }

  /** The location of the frame. */
  public long location() {
    return Location.of(segment.fileNumber(), offset);
  }

  /** The head of the frame. */
  public FrameHead head() {
    FrameHead current = head;
    if (current == null) {
      throw new IllegalStateException("next() was not called");
    }
    return current;
  }
}
