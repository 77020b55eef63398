package io.minikv.engine.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A mapping in an arena of its own, which many threads share.
 *
 * <p>Memory is only ever copied here, never given to an intrinsic such as a checksum: where a
 * mapped file became shorter, a copy throws an error that can be caught, but an intrinsic kills the
 * process.
 */
final class NioMapping implements Mapping {

  /** Closing waits while a force runs in the arena: an msync of a whole segment on a slow disk. */
  private static final int CLOSE_ATTEMPTS = 60_000;

  private static final long CLOSE_PAUSE_NANOS = 1_000_000;

  /** What processors fetch of memory at once, in bytes; where it is another length, no harm. */
  private static final int CACHE_LINE = 64;

  private static final ValueLayout.OfInt NUMBER =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment segment;
  private final Arena arena;
  private final int closeAttempts;

  NioMapping(String file, MemorySegment segment, Arena arena) {
    this(file, segment, arena, CLOSE_ATTEMPTS);
  }

  NioMapping(String file, MemorySegment segment, Arena arena, int closeAttempts) {
    this.file = file;
    this.segment = segment;
    this.arena = arena;
    this.closeAttempts = closeAttempts;
  }

  @Override
  public long size() {
    return segment.byteSize();
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(position, length, segment.byteSize());
    try {
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, length);
      Faults.deliver();
    } catch (IllegalStateException | InternalError e) {
      throw failure("read", position, e);
    }
  }

  @Override
  public int readBehindNumber(long position, byte[] target, int offset, int length)
      throws IOException {
    long numberAt = position - Integer.BYTES;
    Objects.checkFromIndexSize(numberAt, Integer.BYTES + length, segment.byteSize());
    try {
      int number = segment.get(NUMBER, numberAt);
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, target, offset, length);
      Faults.deliver();
      return number;
    } catch (IllegalStateException | InternalError e) {
      throw failure("read", position, e);
    }
  }

  @Override
  public int touch(long[] positions, int[] lengths, int count) {
    long size = segment.byteSize();
    int touched = 0;
    for (int i = 0; i < count; i++) {
      long position = positions[i];
      int last = (int) Math.min(lengths[i], size - position) - 1;
      if (position >= 0 && last >= 0) {
        touched += touch(position, last);
      }
    }
    return touched;
  }

  /** Three bytes are one of each line, unless there are more lines. */
  private int touch(long position, int last) {
    int middle = last >>> 1;
    int touched =
        segment.get(ValueLayout.JAVA_BYTE, position)
            + segment.get(ValueLayout.JAVA_BYTE, position + middle)
            + segment.get(ValueLayout.JAVA_BYTE, position + last);
    return middle <= CACHE_LINE ? touched : touched + touchLines(position, last);
  }

  private int touchLines(long position, int last) {
    int touched = 0;
    for (int line = CACHE_LINE; line < last; line += CACHE_LINE) {
      touched += segment.get(ValueLayout.JAVA_BYTE, position + line);
    }
    return touched;
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(position, length, segment.byteSize());
    if (segment.isReadOnly()) {
      throw new IOException(file + " is mapped for reading only");
    }
    try {
      MemorySegment.copy(source, offset, segment, ValueLayout.JAVA_BYTE, position, length);
      Faults.deliver();
    } catch (IllegalStateException | InternalError e) {
      throw failure("written", position, e);
    }
  }

  @Override
  public void force(long position, long length) throws IOException {
    Objects.checkFromIndexSize(position, length, segment.byteSize());
    try {
      // The JDK extends the range to whole pages by itself.
      segment.asSlice(position, length).force();
    } catch (IllegalStateException e) {
      throw failure("forced", position, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    // Set again at the end only: a thread that is interrupted, or just was, does not pause.
    boolean interrupted = false;
    try {
      for (int attempt = 1; !isClosedBy(attempt); attempt++) {
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(CLOSE_PAUSE_NANOS);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isClosedBy(int attempt) {
    try {
      arena.close();
    } catch (IllegalStateException stillUsed) {
      if (arena.scope().isAlive() && attempt == closeAttempts) {
        throw new IllegalStateException(
            "the mapping of " + file + " is still being forced; it stays mapped", stillUsed);
      }
    }
    return !arena.scope().isAlive();
  }

  private IOException failure(String use, long position, Throwable e) {
    if (e instanceof IllegalStateException state) {
      if (arena.scope().isAlive()) {
        throw state;
      }
      throw new MappingClosedException(file);
    }
    return new IOException(
        "%s cannot be %s at %d; is it shorter than when it was mapped?"
            .formatted(file, use, position),
        e);
  }
}
