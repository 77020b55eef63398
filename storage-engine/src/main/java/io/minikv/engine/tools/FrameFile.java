package io.minikv.engine.tools;

import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The frames of a segment file in whatever state it is. What is not intact is skipped to the next
 * frame that is: frames begin at multiples of {@link Frame#ALIGNMENT}, and their checksums fit in
 * no other place and no other file.
 *
 * <p>Needs memory for one head and one block of a value. For one thread.
 */
final class FrameFile {

  private static final int CHUNK_LENGTH = 64 << 10;

  private final DiskFile file;
  private final FileIdentity identity;
  private final long limit;
  private final byte[] block;
  private final byte[] chunk;

  /**
   * The frames of a file.
   *
   * @param limit where they end at the latest; the rest of the file is not looked at
   */
  FrameFile(DiskFile file, FileIdentity identity, long limit) {
    this.file = file;
    this.identity = identity;
    this.limit = limit;
    this.block = new byte[(int) Math.min(Frame.BLOCK_LENGTH, limit)];
    this.chunk = new byte[(int) Math.min(CHUNK_LENGTH + Frame.FIXED_LENGTH, limit)];
  }

  /** Is told what is in the file, in order. */
  interface Visitor {

    /** A frame whose head is intact. */
    void onFrame(long offset, FrameHead head) throws IOException;

    /** Bytes that are no intact frame; {@code zeros} when they are space that was never written. */
    void onGap(long from, long to, boolean zeros) throws IOException;
  }

  /** Goes through all of it. */
  void visit(Visitor visitor) throws IOException {
    long offset = SegmentHeader.LENGTH;
    while (offset < limit) {
      Optional<FrameHead> head = head(offset);
      if (head.isPresent()) {
        visitor.onFrame(offset, head.get());
        offset = Math.min(limit, offset + head.get().frameLength());
      } else {
        long next = nextFrame(offset + Frame.ALIGNMENT);
        visitor.onGap(offset, next, isZero(offset, next));
        offset = next;
      }
    }
  }

  /** The head of the frame at an offset, when it is intact. */
  Optional<FrameHead> head(long offset) throws IOException {
    if (limit - offset < Frame.FIXED_LENGTH) {
      return Optional.empty();
    }
    byte[] fixed = new byte[Frame.FIXED_LENGTH];
    read(offset, fixed, fixed.length);
    try {
      FrameHead head = FrameHead.parse(fixed, 0);
      if (head.length() > limit - offset) {
        return Optional.empty();
      }
      if (head.length() > fixed.length) {
        byte[] whole = new byte[head.length()];
        read(offset, whole, whole.length);
        head = FrameHead.parse(whole, 0);
      }
      return head.isIntact(identity, offset) ? Optional.of(head) : Optional.empty();
    } catch (FormatException _) {
      return Optional.empty();
    }
  }

  /** What is wrong with the value of a record whose head is intact; nothing when it is whole. */
  Optional<String> valueProblem(long offset, FrameHead head) throws IOException {
    if (head.frameLength() > limit - offset) {
      return Optional.of("has a record that is cut short");
    }
    byte[] checksums = new byte[Frame.CHECKSUM_LENGTH * Frame.blocks(head.storedLength())];
    read(offset + head.length(), checksums, checksums.length);
    long storedAt = offset + head.storedAt();
    for (int number = 0; number < Frame.blocks(head.storedLength()); number++) {
      long at = storedAt + (long) number * Frame.BLOCK_LENGTH;
      int length = (int) Math.min(Frame.BLOCK_LENGTH, storedAt + head.storedLength() - at);
      read(at, block, length);
      int stored = LittleEndian.getInt(checksums, number * Frame.CHECKSUM_LENGTH);
      if (stored != (Checksum.of(block, 0, length) ^ identity.mask(at))) {
        return Optional.of("has a value whose checksum does not fit");
      }
    }
    return Optional.empty();
  }

  /** Whether the bytes behind a whole record, up to the next frame, are as they were written. */
  boolean hasCleanPadding(long offset, FrameHead head) throws IOException {
    return isZero(
        offset + head.storedAt() + head.storedLength(),
        Math.min(limit, offset + head.frameLength()));
  }

  /** A whole record as it stands, after {@link #valueProblem} found nothing. */
  byte[] frame(long offset, FrameHead head) throws IOException {
    byte[] frame = new byte[Math.toIntExact(head.frameLength())];
    read(offset, frame, frame.length);
    return frame;
  }

  private long nextFrame(long from) throws IOException {
    for (long start = from; start < limit; start += CHUNK_LENGTH) {
      int length = (int) Math.min(chunk.length, limit - start);
      read(start, chunk, length);
      for (int at = 0;
          at < CHUNK_LENGTH && at + Frame.FIXED_LENGTH <= length;
          at += Frame.ALIGNMENT) {
        if (Frame.mayBegin(chunk, at) && head(start + at).isPresent()) {
          return start + at;
        }
      }
    }
    return limit;
  }

  private boolean isZero(long from, long to) throws IOException {
    for (long start = from; start < to; start += CHUNK_LENGTH) {
      int length = (int) Math.min(chunk.length, Math.min(CHUNK_LENGTH, to - start));
      read(start, chunk, length);
      for (int at = 0; at < length; at++) {
        if (chunk[at] != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void read(long position, byte[] target, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
    file.read(position, buffer);
    if (buffer.hasRemaining()) {
      throw new IOException(file.name() + " became shorter while it was read");
    }
  }
}
