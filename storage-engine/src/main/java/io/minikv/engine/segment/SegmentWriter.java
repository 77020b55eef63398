package io.minikv.engine.segment;

import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to a segment. Where the disk allows it, by stores into mapped space that was
 * allocated before, so that an append costs no system call and cannot fail for lack of space; else
 * by writes.
 *
 * <p>For one thread at a time, but {@link #force}, which may run beside appends.
 */
public final class SegmentWriter {

  private static final long FIRST_ALLOCATION = 64 << 10;

  /** What a writer waits for at most. */
  private static final long GREATEST_STEP = 1 << 20;

  /** What is allocated ahead at most: each time costs a mapping, which forces have to look at. */
  private static final long GREATEST_STEP_AHEAD = 16 << 20;

  /** So much of its size a segment takes before anything is appended: one of so many parts. */
  private static final int FIRST_PART = 8;

  /** So much of its size is kept ahead from the beginning where all of it will be needed. */
  private static final int PART_AHEAD = 4;

  private final Segment segment;
  private final boolean mapped;
  private final long segmentBytes;

  /** Small until it is known how often it will be forced. */
  private volatile DiskFile.Pieces pieces = DiskFile.Pieces.SMALL;

  /** So much space should be ahead, however little was appended. */
  private volatile long leastAhead;

  /** Space to append to by stores; grows. Nothing while there is none. */
  private volatile @Nullable Space space;

  /** Held while the space grows, which one thread at a time does. */
  private final Object growing = new Object();

  /** Guarded by {@link #growing}. */
  private boolean finished;

  /** The allocated part of the file. */
  private record Space(Mapping mapping, long size) {}

  private SegmentWriter(Segment segment, boolean mapped, long segmentBytes) {
    this.segment = segment;
    this.mapped = mapped;
    this.segmentBytes = segmentBytes;
  }

  /**
   * Creates a segment that holds its header, durably, its name included.
   *
   * @param segmentBytes the size at which the segment should end
   */
  public static SegmentWriter create(Disk disk, SegmentHeader header, long segmentBytes)
      throws IOException {
    DiskFile file = disk.create(FileNames.segment(header.fileNumber()));
    try {
      file.write(0, ByteBuffer.wrap(header.encode()));
      file.force();
      disk.forceDirectory();
      Segment segment = new Segment(header, file, SegmentHeader.LENGTH);
      SegmentWriter writer = new SegmentWriter(segment, disk.hasSafeMappedStores(), segmentBytes);
      segment.setExpiries(new ExpirySpan());
      return writer;
    } catch (IOException e) {
      file.close();
      disk.delete(file.name());
      throw e;
    }
  }

  /** Goes on in a segment whose frames end at {@code end}, where the file is cut before that. */
  public static SegmentWriter resume(
      Disk disk, SegmentHeader header, DiskFile file, long end, long segmentBytes)
      throws IOException {
    Segment segment = new Segment(header, file, end);
    segment.mapForReading(); // Perhaps nothing is ever written.
    return new SegmentWriter(segment, disk.hasSafeMappedStores(), segmentBytes);
  }

  /** The segment that is written. */
  public Segment segment() {
    return segment;
  }

  /** What it is told to append from now on is forced now and then, in large parts. */
  public void expectRareForces() {
    pieces = DiskFile.Pieces.LARGE;
  }

  /** All of it is going to be filled, soon: space is kept ahead from the beginning. */
  void expectToBeFilled() {
    leastAhead = Math.min(segmentBytes / PART_AHEAD, GREATEST_STEP_AHEAD);
  }

  /** Where the next frame will begin. */
  public long position() {
    return segment.end();
  }

  /** Whether so many more bytes stay within the size at which the segment should end. */
  public boolean hasRoom(long bytes) {
    return position() + bytes + Frame.WATERMARK_LENGTH <= segmentBytes
        || position() == SegmentHeader.LENGTH;
  }

  /**
   * Makes sure that so many more bytes can be appended without asking the disk for space. When it
   * fails nothing was appended.
   */
  public void reserve(long bytes) throws IOException {
    if (!mapped || position() + bytes <= takenBytes()) {
      return;
    }
    synchronized (growing) {
      growTo(sizeFor(bytes));
    }
  }

  /** Whether space should be allocated ahead, so that the next appends need not wait for it. */
  boolean isShortOfSpace() {
    long taken = takenBytes();
    return mapped && taken < segmentBytes && taken - position() < spaceAhead() / 2;
  }

  private long spaceAhead() {
    return Math.clamp(position(), leastAhead, GREATEST_STEP_AHEAD);
  }

  /** How much of the disk the file will take with what is allocated ahead. */
  long sizeAhead() {
    long size = wholePieces(position() + spaceAhead());
    return Math.max(takenBytes(), Math.min(size, segmentBytes));
  }

  /** How much of the disk the file should take before anything is appended. */
  long sizeToBeginWith() {
    return wholePieces(Math.min(segmentBytes / FIRST_PART, GREATEST_STEP_AHEAD / 2));
  }

  /** Allocates space ahead. May be called by any thread, beside appends. */
  void reserveAhead(long size) throws IOException {
    Breather breather = Breather.resting();
    while (mapped && allocatePiece(size)) {
      breather.rest(); // The system clears the memory of a piece in one go.
    }
    synchronized (growing) {
      if (mapped && !finished) {
        growTo(size);
      }
    }
  }

  /**
   * Allocates one more piece: a writer that needs space meanwhile waits for no more than that.
   *
   * @return whether it was not the last one
   */
  private boolean allocatePiece(long size) throws IOException {
    synchronized (growing) {
      long allocated = segment.file().size();
      if (finished || allocated >= size) {
        return false;
      }
      long next = Math.min(size, wholePieces(allocated + pieces.bytes()));
      segment.file().allocate(next, pieces);
      return next < size;
    }
  }

  private void growTo(long size) throws IOException {
    if (size > takenBytes()) {
      segment.file().allocate(size, pieces);
      Mapping larger = segment.file().map(size, Disk.Access.READ_WRITE);
      segment.mapThrough(larger);
      space = new Space(larger, size);
    }
  }

  /** The size that the file will have with so many more bytes in it, allocated in steps. */
  long sizeFor(long bytes) {
    long needed = position() + bytes;
    long step = Math.clamp(position(), FIRST_ALLOCATION, GREATEST_STEP);
    long size = Math.clamp(wholePieces(position() + step), needed, Math.max(segmentBytes, needed));
    return Math.max(size, takenBytes());
  }

  /** Up to the end of a piece, unless it is not even one. */
  private long wholePieces(long size) {
    int piece = pieces.bytes();
    return size < piece ? size : Math.ceilDiv(size, piece) * piece;
  }

  /** How much of the disk the file takes now, in bytes. */
  long takenBytes() {
    if (!mapped) {
      return position();
    }
    Space current = space;
    return current == null ? 0 : current.size;
  }

  /**
   * Appends a frame, for which space was reserved. When it fails, any part of it may be in the
   * file, but the position stays.
   *
   * @return where it begins
   */
  public long append(EncodedFrame frame) throws IOException {
    frame.place(segment.identity(), position());
    ExpirySpan expiries = segment.expiries();
    if (expiries != null) {
      expiries.add(frame.expiresAtMillis(), frame.length());
    }
    return append(frame.bytes());
  }

  /**
   * Appends a copy of a record of another segment, on its own even when it was part of a batch.
   *
   * @param offset where the record begins in that segment
   * @param original its head
   * @return where the copy begins
   * @throws DamagedSegmentException when it is damaged
   */
  public long append(Segment source, long offset, FrameHead original) throws IOException {
    byte[] frame = source.frame(offset, original);
    reserve(frame.length);
    try {
      FrameHead head = FrameHead.parse(frame, 0);
      long copiedTo = append(EncodedFrame.copyOf(frame, head, source.identity(), offset));
      segment.coverSequence(head.sequence());
      return copiedTo;
    } catch (FormatException e) {
      throw new DamagedSegmentException(source.name(), offset, e);
    }
  }

  /** Appends a watermark, for which space was reserved. */
  public void appendWatermark(long lastSequence, long durableOffset, boolean seal)
      throws IOException {
    append(
        EncodedFrame.watermark(segment.identity(), position(), lastSequence, durableOffset, seal));
  }

  private long append(byte[] frame) throws IOException {
    long offset = position();
    Space current = space;
    if (current != null) {
      current.mapping.write(offset, frame, 0, frame.length);
    } else {
      segment.file().write(offset, ByteBuffer.wrap(frame));
    }
    segment.advanceEnd(offset + frame.length);
    return offset;
  }

  /** Removes all behind an offset, durably, where it was written without a mapping. */
  public void cutBack(long offset) throws IOException {
    segment.advanceEnd(offset);
    segment.trim();
    segment.file().force();
  }

  /** Makes all frames between two offsets durable; those before {@code from} must be so already. */
  public void force(long from, long to) throws IOException {
    Space current = space;
    if (current != null) {
      current.mapping.force(from, to - from);
    } else {
      segment.file().force();
    }
  }

  /**
   * Ends the writing: gives allocated space behind the last frame back, and maps the segment for
   * reading only.
   */
  public void finish() throws IOException {
    synchronized (growing) {
      finished = true;
      segment.mapForReading();
      space = null;
      segment.trim();
    }
  }
}
