package io.minikv.engine.segment;

import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.MappingClosedException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The end of the log: the active segment, to which records are appended, and the one made ready to
 * follow it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Before a record is appended to a segment, all segments before it are durable and the
 *       MANIFEST on disk lists it.
 *   <li>A watermark never claims more than is durable.
 *   <li>Nothing is appended after a failed append or force.
 * </ol>
 *
 * <p>All methods are called under one lock, that of the writers, except {@link Extent#force}.
 */
public final class Log {

  /** Some milliseconds of a disk's time. */
  private static final long MUCH_UNFORCED = 2 << 20;

  /** Takes a disk hardly longer than a force of nothing. */
  private static final long LITTLE_UNFORCED = 64 << 10;

  /**
   * Near the end of a segment so much of what is left of it may be unforced: one of so many parts.
   */
  private static final int UNFORCED_PARTS = 4;

  private final SegmentDirectory directory;
  private final SegmentSet segments;
  private final Executor background;
  private final Consumer<IOException> onFailure;

  /** So much of the disk is left to writes that may use the reserve, in bytes. */
  private final long reserveBytes;

  private final boolean forcedOften;

  private volatile SegmentWriter active;

  /** All bytes of the active segment before this offset are durable. */
  private long durableOffset;

  /** Where the last watermark ends; more is durable than it tells when that lies beyond. */
  private long toldOffset;

  private volatile long lastSequence;

  /** How many bytes of records were appended since the opening. */
  private final AtomicLong appendedBytes = new AtomicLong();

  /** Whether space of the active segment is being allocated in the background. */
  private final AtomicBoolean reservingAhead = new AtomicBoolean();

  /** Up to here the active segment may be filled without another look at the reserve. */
  private long claimedTo;

  private final NextSegment next;

  /**
   * Goes on behind the last frame of {@code active}, all of which is durable.
   *
   * @param background runs what need not hold up writers
   * @param onFailure is told of a failure in the background after which the log must not be written
   * @param reserveBytes so much of the disk is kept for writes that may use the reserve
   * @param forcedOften whether most writes wait for a force
   */
  public Log(
      SegmentDirectory directory,
      SegmentSet segments,
      SegmentWriter active,
      long lastSequence,
      Executor background,
      Consumer<IOException> onFailure,
      long reserveBytes,
      boolean forcedOften) {
    this.directory = directory;
    this.segments = segments;
    this.active = active;
    this.durableOffset = active.position();
    // What an earlier log told may end before its last write: it is told again.
    this.toldOffset = SegmentHeader.LENGTH;
    this.lastSequence = lastSequence;
    this.background = background;
    this.onFailure = onFailure;
    this.reserveBytes = reserveBytes;
    this.forcedOften = forcedOften;
    this.next = new NextSegment(directory, background, onFailure);
    expectForces(active);
    directory.trackSequence(() -> this.lastSequence);
  }

  void expectForces(SegmentWriter writer) {
    if (!forcedOften) {
      writer.expectRareForces();
    }
  }

  /** The last sequence number handed out; 0 when there was none. May be called without the lock. */
  public long lastSequence() {
    return lastSequence;
  }

  /** How many bytes of records were appended since the opening. May be called without the lock. */
  public long appendedBytes() {
    return appendedBytes.get();
  }

  /** How much of the disk the segment takes that was made ready. May be called without the lock. */
  public long bytesAhead() {
    return next.bytes();
  }

  /** The segment that is written. */
  public Segment activeSegment() {
    return active.segment();
  }

  /**
   * Hands out the next sequence number.
   *
   * @throws DiskFullException when there is no space to reserve more of them; none was handed out
   * @throws LogFailedException when the log must not be written any more
   */
  public long takeSequence() throws IOException {
    long sequence = lastSequence + 1;
    if (sequence >= directory.sequenceCeiling()) {
      reserveSequences();
    }
    lastSequence = sequence;
    return sequence;
  }

  private void reserveSequences() throws IOException {
    try {
      directory.renew();
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      throw new LogFailedException("Reserving sequence numbers failed", e);
    }
  }

  /**
   * Makes room for records of so many bytes, in one segment: begins a new one when they do not fit,
   * and tells in the log how much of it is durable when that has grown.
   *
   * @param mayUseReserve whether it is done also when the disk has no more than the reserve
   * @throws DiskFullException when there is no space; nothing was appended, and a later call may
   *     succeed
   * @throws LogFailedException when the log must not be written any more
   */
  public void makeRoom(long bytes, boolean mayUseReserve) throws IOException {
    if (!active.hasRoom(bytes + Frame.WATERMARK_LENGTH)) {
      roll(background);
    }
    if (!mayUseReserve) {
      keepReserve(bytes + Frame.WATERMARK_LENGTH);
    }
    active.reserve(bytes + Frame.WATERMARK_LENGTH);
    reserveAhead();
    if (durableOffset > toldOffset) {
      appendWatermark(false);
    }
  }

  /** Has space allocated in the background, up to the reserve. */
  private void reserveAhead() throws IOException {
    SegmentWriter writer = active;
    if (!writer.isShortOfSpace() || !reservingAhead.compareAndSet(false, true)) {
      return;
    }
    long size = writer.sizeAhead();
    if (!leavesReserve(writer, size)) {
      reservingAhead.set(false);
      return;
    }
    background.execute(() -> {
      try {
        writer.reserveAhead(size);
      } catch (DiskFullException _) {
        // The writer that needs the space tries again, and tells its caller.
      } catch (IOException e) {
        onFailure.accept(e);
      } finally {
        reservingAhead.set(false);
      }
    });
  }

  /** Whether the disk has no less than the reserve when a segment takes so much of it. */
  boolean leavesReserve(SegmentWriter writer, long size) throws IOException {
    return reserveBytes == 0
        || directory.disk().freeBytes() - (size - writer.takenBytes()) >= reserveBytes;
  }

  /** Looks at the space that is left whenever more of it is about to be taken. */
  private void keepReserve(long bytes) throws IOException {
    if (reserveBytes == 0 || active.position() + bytes <= claimedTo) {
      return;
    }
    long size = active.sizeFor(bytes);
    if (!leavesReserve(active, size)) {
      throw new DiskFullException(
          "the last " + reserveBytes + " bytes are kept for deletes and compactions");
    }
    claimedTo = size;
  }

  /**
   * Appends a record that was stamped with the last sequence number, for which there is room.
   *
   * @return its location
   * @throws DiskFullException when there was no room after all, which happens only where space
   *     cannot be reserved; any part of it may be in the file, until {@link #cutBack}
   * @throws LogFailedException when it fails; the log must not be written any more
   */
  public long append(EncodedFrame record) throws IOException {
    try {
      long offset = active.append(record);
      active.segment().coverSequence(lastSequence);
      appendedBytes.addAndGet(record.length());
      return Location.of(active.segment().fileNumber(), offset);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      throw new LogFailedException("A write to " + active.segment().name() + " failed", e);
    }
  }

  /** Where the next frame will begin in the active segment. */
  public long position() {
    return active.position();
  }

  /**
   * Takes back what was appended behind an offset, after a disk that is full cut it short: it will
   * never be replayed.
   *
   * @throws LogFailedException when that fails; the log must not be written any more
   */
  public void cutBack(long offset) throws LogFailedException {
    try {
      active.cutBack(offset);
    } catch (IOException e) {
      throw new LogFailedException("Cutting " + active.segment().name() + " failed", e);
    }
  }

  /**
   * Makes the segment that will follow in the background, when the active one is half full, with
   * space for its first records.
   */
  public void prepareAhead() {
    if (active.position() >= directory.segmentBytes() / 2) {
      next.prepare(this);
    }
  }

  private void roll(Executor finisher) throws IOException {
    SegmentWriter following = takeNext();
    active.reserve(Frame.WATERMARK_LENGTH);
    appendWatermark(true);
    try {
      active.force(durableOffset, active.position());
    } catch (IOException e) {
      throw new LogFailedException("Ending " + active.segment().name() + " failed", e);
    }
    SegmentWriter ended = active;
    segments.add(following.segment());
    active = following;
    durableOffset = SegmentHeader.LENGTH;
    toldOffset = SegmentHeader.LENGTH;
    claimedTo = 0;
    next.taken();
    finisher.execute(() -> finish(ended));
  }

  private SegmentWriter takeNext() throws IOException {
    try {
      return next.make(this);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      throw new LogFailedException("Beginning a segment failed", e);
    }
  }

  private void finish(SegmentWriter ended) {
    try {
      ended.finish();
      directory.seal(ended.segment());
    } catch (DiskFullException _) {
      // The next MANIFEST that is written lists the segment as complete.
    } catch (IOException e) {
      onFailure.accept(e);
    }
  }

  /**
   * Begins a new segment, unless the active one holds nothing. All that was appended before is
   * durable then, and lies in segments that are listed as complete.
   */
  public void rollIfNotEmpty() throws IOException {
    if (active.position() > SegmentHeader.LENGTH) {
      roll(Runnable::run);
    }
  }

  private void appendWatermark(boolean seal) throws IOException {
    long start = active.position();
    try {
      active.appendWatermark(lastSequence, durableOffset, seal);
      toldOffset = active.position();
    } catch (DiskFullException e) {
      cutBack(start);
      throw e;
    } catch (IOException e) {
      throw new LogFailedException("A write to " + active.segment().name() + " failed", e);
    }
  }

  /** Whether more is durable than the log tells. */
  public boolean hasUntoldDurability() {
    return durableOffset > toldOffset;
  }

  /** Tells in the log how much of it is durable; that word itself is not durable yet. */
  public void tellDurability() throws IOException {
    active.reserve(Frame.WATERMARK_LENGTH);
    appendWatermark(false);
  }

  /**
   * Whether so much is not durable yet that ending the segment would hold up writers: the nearer
   * its end, the less that is.
   */
  public boolean hasMuchUnforced() {
    long left = directory.segmentBytes() - active.position();
    long much = Math.clamp(left / UNFORCED_PARTS, LITTLE_UNFORCED, MUCH_UNFORCED);
    return active.position() - durableOffset >= much;
  }

  /** What is appended but not yet durable; empty when all is. */
  public Extent unforced() {
    return new Extent(active, durableOffset, active.position());
  }

  /** Notes that an extent was forced. */
  public void markDurable(Extent extent) {
    if (extent.writer == active) {
      durableOffset = Math.max(durableOffset, extent.to);
    }
  }

  /** Whether all before an extent's end is durable. */
  public boolean isDurable(Extent extent) {
    return extent.writer != active || extent.to <= durableOffset;
  }

  /**
   * Ends the log in order: all of it is durable, and the MANIFEST says so. Nothing may be called
   * afterwards.
   *
   * @throws IOException when that failed; the next opening recovers as after a crash
   */
  public void close() throws IOException {
    List<Segment> unused = next.release();
    if (active.position() > SegmentHeader.LENGTH && durableOffset < active.position()) {
      active.force(durableOffset, active.position());
      durableOffset = active.position();
    }
    active.finish();
    directory.close(active.segment(), unused);
  }

  /** Ends a log that failed: nothing is written any more, and only files are given back. */
  public void abandon() throws IOException {
    next.release();
  }

  /** A part of one segment. */
  public static final class Extent {

    private final SegmentWriter writer;
    private final long from;
    private final long to;

    private Extent(SegmentWriter writer, long from, long to) {
      this.writer = writer;
      this.from = from;
      this.to = to;
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
      return from >= to;
    }

    /**
     * Makes it durable. May be called without the lock, beside appends.
     *
     * @throws LogFailedException when that fails; the log must not be written any more
     */
    public void force() throws LogFailedException {
      try {
        writer.force(from, to);
      } catch (MappingClosedException _) {
        // The segment was ended meanwhile, which forced all of it.
      } catch (IOException e) {
        throw new LogFailedException("Forcing the log to disk failed", e);
      }
    }
  }
}
