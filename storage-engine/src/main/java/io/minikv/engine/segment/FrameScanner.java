package io.minikv.engine.segment;

import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the frames of a segment in the order in which they were written, reading many of
 * them at once. For one thread at a time.
 */
public final class FrameScanner {

  private static final int WINDOW_LENGTH = 128 << 10;

  private final Segment segment;
  private final long limit;
  private long nextOffset = SegmentHeader.LENGTH;
  private long offset;
  private @Nullable FrameHead head;

  /** Bytes of the segment from {@code windowAt} on; heads hold on to them, so they never change. */
  private byte[] window = {};

  private long windowAt;

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
    FrameHead next = headAt(nextOffset);
    head = next;
    offset = nextOffset;
    nextOffset += next.frameLength();
    return true;
  }

  /** The head at an offset. What is unusual about it in any way is left to the segment to judge. */
  private FrameHead headAt(long at) throws IOException {
    if (!isInWindow(at, Frame.FIXED_LENGTH) && !moveWindow(at, Frame.FIXED_LENGTH)) {
      return segment.head(at);
    }
    try {
      FrameHead found = FrameHead.parse(window, (int) (at - windowAt));
      if (!isInWindow(at, found.length())) {
        if (!moveWindow(at, found.length())) {
          return segment.head(at);
        }
        found = FrameHead.parse(window, 0);
      }
      boolean ends = found.frameLength() <= segment.end() - at;
      return ends && found.isIntact(segment.identity(), at) ? found : segment.head(at);
    } catch (FormatException _) {
      return segment.head(at);
    }
  }

  private boolean isInWindow(long at, long length) {
    return at >= windowAt && at + length <= windowAt + window.length;
  }

  /** Reads what follows an offset; false when that is less than is needed, or cannot be read. */
  private boolean moveWindow(long at, long needed) {
    long length = Math.min(WINDOW_LENGTH, segment.end() - at);
    if (at < SegmentHeader.LENGTH || length < needed) {
      return false;
    }
    byte[] bytes = new byte[(int) length];
    try {
      segment.read(at, bytes, 0, bytes.length);
    } catch (IOException _) {
      return false; // A part of it may be readable.
    }
    window = bytes;
    windowAt = at;
    return true;
  }

  /**
   * Verifies what stands in the frame as its value.
   *
   * @throws DamagedSegmentException when it is damaged
   */
  public void checkStored() throws IOException {
    FrameHead current = head();
    if (!isInWindow(offset, current.frameLength())
        || !current.isStoredIntact(window, (int) (offset - windowAt), segment.identity(), offset)) {
      segment.storedValue(offset, current);
    }
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
