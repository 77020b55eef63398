package io.minikv.engine.keyfile;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.KeyEntry;
import java.io.IOException;
import java.util.Arrays;

/**
 * Encoded entries in memory, one behind the other in large arrays, so that there is no object for
 * each. An entry is known by a number of 32 bits: that of its array in the upper 15, its place
 * there in units of 8 bytes in the lower 17. Entries never change, and are never removed. For one
 * thread.
 */
final class KeyArena {

  private static final int CHUNK_LENGTH = 1 << 20;
  private static final int FIRST_LENGTH = 1 << 10;
  private static final int UNIT_BITS = 3;
  private static final int PLACE_BITS = 17;
  private static final int MOST_CHUNKS = 1 << 15;

  private byte[][] chunks = {new byte[FIRST_LENGTH]};
  private int used;

  /** Adds an entry; returns its number. */
  int add(FrameHead head, long offset) throws IOException {
    byte[] chunk = roomFor(KeyEntry.MAX_LENGTH - KeyEntry.MAX_KEY_LENGTH + head.keyLength());
    int number = ((chunks.length - 1) << PLACE_BITS) | (used >>> UNIT_BITS);
    int end = KeyEntry.encode(head, offset, chunk, used);
    used = (end + (1 << UNIT_BITS) - 1) & -(1 << UNIT_BITS);
    return number;
  }

  /** Adds a copy of an entry; returns its number. */
  int add(KeyEntry entry) throws IOException {
    int length = entry.end() - entry.at();
    byte[] chunk = roomFor(length);
    int number = ((chunks.length - 1) << PLACE_BITS) | (used >>> UNIT_BITS);
    System.arraycopy(entry.bytes(), entry.at(), chunk, used, length);
    used = (used + length + (1 << UNIT_BITS) - 1) & -(1 << UNIT_BITS);
    return number;
  }

  private byte[] roomFor(int length) throws IOException {
    byte[] last = chunks[chunks.length - 1];
    if (used + length <= last.length) {
      return last;
    }
    if (used + length <= CHUNK_LENGTH) {
      // Who reads the shorter array goes on with it: what is in it stays.
      last = Arrays.copyOf(last, Math.clamp(2L * last.length, used + length, CHUNK_LENGTH));
      chunks = chunks.clone();
      chunks[chunks.length - 1] = last;
      return last;
    }
    if (chunks.length == MOST_CHUNKS) {
      throw new IOException("the keys of one segment take more than 32 GiB");
    }
    chunks = Arrays.copyOf(chunks, chunks.length + 1);
    chunks[chunks.length - 1] = new byte[CHUNK_LENGTH];
    used = 0;
    return chunks[chunks.length - 1];
  }

  /** The arrays as of now; entries added so far are found in them for good. */
  byte[][] chunks() {
    return chunks;
  }

  /** How many bytes its arrays have. */
  long bytes() {
    return (chunks.length - 1L) * CHUNK_LENGTH + chunks[chunks.length - 1].length;
  }

  /** The array that holds an entry. */
  static byte[] chunk(byte[][] chunks, int number) {
    return chunks[number >>> PLACE_BITS];
  }

  /** Where in its array an entry begins. */
  static int place(int number) {
    return (number & ((1 << PLACE_BITS) - 1)) << UNIT_BITS;
  }
}
