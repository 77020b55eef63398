package io.minikv.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first bytes of a file as memory. Threads may read and write different places at the same
 * time; who reads what another thread writes must order the two by other means.
 *
 * <p>After {@link #close()} every call throws {@link MappingClosedException}, also one that runs at
 * that moment: memory is never touched that is no longer mapped. A file that became shorter outside
 * costs an {@link IOException}, not the process.
 */
public interface Mapping extends AutoCloseable {

  /** How many bytes are mapped. */
  long size();

  /** Copies {@code length} bytes from {@code position} of the file to {@code target}. */
  void read(long position, byte[] target, int offset, int length) throws IOException;

  /**
   * Copies bytes as {@link #read} does, and returns the four bytes before them as a number, the
   * lowest first: a checksum and what it covers in one step.
   */
  default int readBehindNumber(long position, byte[] target, int offset, int length)
      throws IOException {
    byte[] number = new byte[Integer.BYTES];
    read(position - Integer.BYTES, number, 0, number.length);
    read(position, target, offset, length);
    return ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /**
   * Has the memory of places brought near; to be called by {@link Touches} alone, which deals with
   * what it throws. What lies outside is left out. Where a mapping has no use for it, nothing
   * happens.
   *
   * @param positions where each place begins
   * @param lengths how many bytes each one has
   * @param count how many places there are
   * @return whatever is there, so that it is not left out
   */
  default int touch(long[] positions, int[] lengths, int count) {
    return 0;
  }

  /** Copies {@code length} bytes of {@code source} to {@code position} of the file. */
  void write(long position, byte[] source, int offset, int length) throws IOException;

  /** Makes {@code length} bytes from {@code position} on durable. */
  void force(long position, long length) throws IOException;

  /** Ends the mapping. Closing again does nothing. */
  @Override
  void close();
}
