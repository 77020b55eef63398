package io.minikv.engine.compaction;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import java.util.Arrays;

/**
 * The live records that a compaction has copied: which entries of the index are to be pointed to
 * their copies. Kept in arrays of numbers, so that nothing has to be read while writers wait. For
 * one thread.
 */
final class Moves {

  private static final int FIRST_CAPACITY = 1024;

  private long[] hashes = new long[FIRST_CAPACITY];
  private long[] from = new long[FIRST_CAPACITY];
  private long[] to = new long[FIRST_CAPACITY];
  private int[] frameLengths = new int[FIRST_CAPACITY];
  private int[] valueLengths = new int[FIRST_CAPACITY];
  private int count;

  void add(long hash, long oldLocation, long newLocation, FrameHead head) {
    if (count == hashes.length) {
      int capacity = Math.addExact(count, count >> 1);
      hashes = Arrays.copyOf(hashes, capacity);
      from = Arrays.copyOf(from, capacity);
      to = Arrays.copyOf(to, capacity);
      frameLengths = Arrays.copyOf(frameLengths, capacity);
      valueLengths = Arrays.copyOf(valueLengths, capacity);
    }
    hashes[count] = hash;
    from[count] = oldLocation;
    to[count] = newLocation;
    frameLengths[count] = Math.toIntExact(head.frameLength());
    valueLengths[count] = head.valueLength();
    count++;
  }

  int count() {
    return count;
  }

  /** Brings the entries near that will be changed, while writers need not wait. */
  void touch(EntryTable table, int begin, int end) {
    table.touch(hashes, begin, end);
  }

  /**
   * Points some entries to their copies, but those whose record was overwritten meanwhile. Called
   * under the lock of the writers.
   */
  void apply(EntryTable table, int begin, int end) {
    for (int i = begin; i < end; i++) {
      table.move(hashes[i], from[i], to[i], frameLengths[i], valueLengths[i]);
    }
  }
}
