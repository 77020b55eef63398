package io.minikv.engine.segment;

import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.Touches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file of frames, for reading. Ordinary reads take no lock; when the segment was retired under
 * them they end with {@link MappingClosedException}, and the reader looks its key up again. Who
 * needs the segment for longer pins it.
 *
 * <p>Thread-safe. Who reads a frame must have learnt its offset from the index or another published
 * place, which orders the reading after the writing.
 */
public final class Segment {

  /** Most heads are no longer, and are read in one step. */
  private static final int USUAL_HEAD_LENGTH = 96;

  private final SegmentHeader header;
  private final FileIdentity identity;
  private final SegmentBytes bytes;
  private final CheckedBlocks blocks;
  private final AtomicLong liveBytes = new AtomicLong();
  private final AtomicLong liveValueBytes = new AtomicLong();

  /** Where the last frame ends; grows while the segment is written. */
  private volatile long end;

  /** The lowest and highest sequence number of its records; 0 when it has none. */
  private volatile long lowestSequence;

  private volatile long highestSequence;

  /** When its records expire; nothing while that was not looked up. */
  private volatile @Nullable ExpirySpan expiries;

  // The rest is guarded by this.
  private final List<Runnable> closedWithIt = new ArrayList<>();
  private int pins;
  private boolean retired;
  private boolean closed;
  private @Nullable IoAction afterRetirement;

  Segment(SegmentHeader header, DiskFile file, long end) {
    this.header = header;
    this.identity = new FileIdentity(header.store(), header.fileNumber());
    this.bytes = new SegmentBytes(file);
    this.blocks = new CheckedBlocks(bytes, identity);
    this.end = end;
  }

  /** Opens a segment that is not written any more, whose frames end at {@code end}. */
  public static Segment openSealed(SegmentHeader header, DiskFile file, long end)
      throws IOException {
    Segment segment = new Segment(header, file, end);
    segment.mapForReading();
    return segment;
  }

  /** The number of the file. */
  public long fileNumber() {
    return header.fileNumber();
  }

  /** The name of the file. */
  public String name() {
    return bytes.file().name();
  }

  /** What wrote it. */
  public SegmentHeader.Kind kind() {
    return header.kind();
  }

  /** What checksums in it are bound to. */
  public FileIdentity identity() {
    return identity;
  }

  /** Where the last frame ends, in bytes from the start of the file. */
  public long end() {
    return end;
  }

  /** How many bytes hold the newest record of a key. */
  public long liveBytes() {
    return liveBytes.get();
  }

  /** Counts bytes that become live, or with a negative number, dead. */
  public void addLiveBytes(long bytes) {
    liveBytes.addAndGet(bytes);
  }

  /** How many bytes of values of live records there are. */
  public long liveValueBytes() {
    return liveValueBytes.get();
  }

  /** Counts bytes of values that become live, or with a negative number, dead. */
  public void addLiveValueBytes(long bytes) {
    liveValueBytes.addAndGet(bytes);
  }

  /** The lowest sequence number of its records; 0 when it has none. */
  public long lowestSequence() {
    return lowestSequence;
  }

  /** The highest sequence number of its records; 0 when it has none. */
  public long highestSequence() {
    return highestSequence;
  }

  /** Notes that it holds a record of that sequence number. For one thread at a time. */
  public void coverSequence(long sequence) {
    if (lowestSequence == 0 || sequence < lowestSequence) {
      lowestSequence = sequence;
    }
    if (sequence > highestSequence) {
      highestSequence = sequence;
    }
  }

  /**
   * Notes the lowest and the highest sequence number of records that are known without reading
   * them; 0 when there is none.
   */
  public void coverSequences(long lowest, long highest) {
    if (highest != 0) {
      coverSequence(lowest);
      coverSequence(highest);
    }
  }

  /** When its records expire; nothing when that has to be looked up in them first. */
  public @Nullable ExpirySpan expiries() {
    return expiries;
  }

  /** Notes when its records expire. */
  public void setExpiries(ExpirySpan newExpiries) {
    expiries = newExpiries;
  }

  DiskFile file() {
    return bytes.file();
  }

  void advanceEnd(long newEnd) {
    end = newEnd;
  }

  /**
   * Reads through this mapping from now on; the former ones serve who uses them, until the segment
   * is sealed.
   */
  void mapThrough(Mapping newMapping) {
    bytes.mapThrough(newMapping);
  }

  /** Maps the frames anew for reading only, and ends all mappings there were. */
  void mapForReading() throws IOException {
    bytes.mapForReading(end);
  }

  /**
   * Gives space behind the last frame back to the disk. The segment must not be written any more.
   */
  public void trim() throws IOException {
    if (file().size() > end) {
      file().truncate(end);
    }
  }

  /** The size of the file, in bytes; space that is allocated but not used yet included. */
  public long fileBytes() {
    return Math.max(end, bytes.mappedLength());
  }

  /**
   * Reads the head of the frame at an offset, and verifies it.
   *
   * @throws DamagedSegmentException when there is no intact frame
   */
  public FrameHead head(long offset) throws IOException {
    checkExtent(offset, Frame.FIXED_LENGTH);
    return head(offset, new byte[(int) Math.min(USUAL_HEAD_LENGTH, end - offset)]);
  }

  /**
   * As {@link #head(long)}, with as much of what follows as there is room for in an array, so that
   * {@link #readValue(long, FrameHead, byte[])} finds a short value there.
   *
   * @param buffer has room for the part that every frame has; not to be changed as long as the head
   *     is used
   * @throws DamagedSegmentException when there is no intact frame
   */
  public FrameHead head(long offset, byte[] buffer) throws IOException {
    checkExtent(offset, Frame.FIXED_LENGTH);
    int read = (int) Math.min(buffer.length, end - offset);
    read(offset, buffer, 0, read);
    try {
      FrameHead head = FrameHead.parse(buffer, 0);
      int length = head.length();
      if (length > Frame.FIXED_LENGTH) {
        checkExtent(offset, head.frameLength());
      }
      if (length > read) {
        byte[] longer = Arrays.copyOf(buffer, length);
        read(offset + read, longer, read, length - read);
        head = FrameHead.parse(longer, 0);
      }
      if (!head.isIntact(identity, offset)) {
        throw damaged(offset, "has a record whose checksum does not fit");
      }
      return head;
    } catch (FormatException e) {
      throw new DamagedSegmentException(name(), offset, e);
    }
  }

  /**
   * Reads what stands in the frame at an offset as its value, and verifies it.
   *
   * @throws DamagedSegmentException when it is damaged
   */
  public byte[] storedValue(long offset, FrameHead head) throws IOException {
    byte[] stored = new byte[head.storedLength()];
    readStored(offset, head, 0, stored, 0, stored.length);
    return stored;
  }

  /**
   * Reads and verifies whole blocks of what stands in the frame at an offset as its value.
   *
   * @param from where in it to begin, a multiple of {@link Frame#BLOCK_LENGTH}
   * @param length how many bytes; whole blocks, or up to the end
   * @throws DamagedSegmentException when they are damaged
   */
  public void readStored(
      long offset, FrameHead head, int from, byte[] target, int targetOffset, int length)
      throws IOException {
    int firstBlock = from / Frame.BLOCK_LENGTH;
    blocks.read(
        offset + head.length() + (long) firstBlock * Frame.CHECKSUM_LENGTH,
        offset + head.storedAt() + from,
        target,
        targetOffset,
        length);
  }

  /**
   * Reads a value that stands in its record as it was put, without the head, and verifies it.
   *
   * @param offset where the record begins
   * @param headLength the length of its head
   * @param valueLength the length of its value
   * @throws DamagedSegmentException when it is damaged
   */
  public byte[] value(long offset, int headLength, int valueLength) throws IOException {
    return readValue(offset, headLength, new byte[valueLength], valueLength);
  }

  /**
   * As {@link #value}, to the start of an array with room for it.
   *
   * @return the array
   * @throws DamagedSegmentException when it is damaged; the array may hold anything then
   */
  public byte[] readValue(long offset, int headLength, byte[] target, int valueLength)
      throws IOException {
    checkExtent(offset, headLength + CheckedBlocks.lengthOf(valueLength));
    blocks.readAll(offset + headLength, target, valueLength);
    return target;
  }

  /**
   * Copies a value that stands in its record as it was put to the start of an array with room for
   * it, and verifies it.
   *
   * @param offset where the record begins
   * @param head its head, whose array may hold all of it
   * @throws DamagedSegmentException when it is damaged; the array may hold anything then
   */
  public void readValue(long offset, FrameHead head, byte[] target) throws IOException {
    if (!head.isInWholeFrame()) {
      blocks.readAll(offset + head.length(), target, head.storedLength());
    } else if (!head.copyStored(target, identity, offset)) {
      throw damaged(offset + head.storedAt(), "has a value whose checksum does not fit");
    }
  }

  /** Reads a whole frame, with its checksums as they stand, after verifying all of it. */
  public byte[] frame(long offset, FrameHead head) throws IOException {
    byte[] frame = new byte[Math.toIntExact(head.frameLength())];
    read(offset, frame, 0, frame.length);
    if (!head.isStoredIntact(frame, 0, identity, offset)) {
      storedValue(offset, head); // Tells what is wrong.
      read(offset, frame, 0, frame.length);
    }
    return frame;
  }

  private void checkExtent(long offset, long length) throws DamagedSegmentException {
    if (offset < SegmentHeader.LENGTH || length > end - offset) {
      throw damaged(offset, "has a frame that does not end within the segment");
    }
  }

  private DamagedSegmentException damaged(long offset, String problem) {
    return new DamagedSegmentException(name(), offset, problem);
  }

  /** Adds bytes to the places whose memory will be read. */
  public void addTo(Touches touches, long position, int length) {
    bytes.addTo(touches, position, length);
  }

  /** Reads bytes as they are. */
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    bytes.read(position, target, offset, length);
  }

  /** Keeps the segment readable until {@link #unpin}; false when it is retired already. */
  public synchronized boolean pin() {
    if (retired) {
      return false;
    }
    pins++;
    return true;
  }

  /** Ends one {@link #pin}. */
  public synchronized void unpin() throws IOException {
    pins--;
    closeWhenUnused();
  }

  /**
   * No new reader comes; the segment is closed when the last pin has gone. The file's name is the
   * caller's to remove.
   *
   * @param afterwards runs when it was closed so, once; not when the store ends before
   */
  public synchronized void retire(IoAction afterwards) throws IOException {
    retired = true;
    afterRetirement = afterwards;
    closeWhenUnused();
  }

  /** Runs something when the segment is closed; at once when it is. */
  public void closeWithIt(Runnable closing) {
    synchronized (this) {
      if (!closed) {
        closedWithIt.add(closing);
        return;
      }
    }
    closing.run();
  }

  private void closeWhenUnused() throws IOException {
    IoAction afterwards = afterRetirement;
    if (afterwards != null && pins == 0 && !closed) {
      close();
      afterwards.run();
    }
  }

  /** Something that may fail with the disk. */
  @FunctionalInterface
  public interface IoAction {

    /** Does it. */
    void run() throws IOException;
  }

  /** Closes it at once, whoever reads. Closing again does nothing. */
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    retired = true;
    bytes.endMappings();
    closedWithIt.forEach(Runnable::run);
    closedWithIt.clear();
    file().close();
  }
}
