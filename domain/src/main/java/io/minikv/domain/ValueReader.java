package io.minikv.domain;

import java.nio.ByteBuffer;

/**
 * One version of a value, opened for reading in pieces. For one thread at a time. Every byte that
 * it gives was verified. Holds on to disk space until it is closed.
 */
public interface ValueReader extends AutoCloseable {

  /** All that is known of the entry; {@code valueLength} is the length of the whole. */
  EntryInfo info();

  /**
   * Reads from a position on, as much as there is and fits.
   *
   * @param position the index in the value of the first byte to read, 0 to its length
   * @param target where to; its position moves behind what was read
   * @return how many bytes, at least 1 unless {@code target} is full; -1 at the end of the value
   * @throws InvalidRequestException when the position lies outside the value
   * @throws DamagedDataException when that part of the value is damaged
   * @throws StoreClosedException when the store or this reader was closed
   */
  int read(long position, ByteBuffer target);

  /** Gives back what it holds. Closing again does nothing. */
  @Override
  void close();
}
