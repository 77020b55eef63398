package io.minikv.engine.io;

import java.util.Arrays;

/**
 * Places in mappings whose memory is brought near all at once, for readings that will follow. One
 * by one, each would cost the time of an access to main memory; many at once take little longer
 * than one, as long as there is next to nothing between them. A hint: where nothing can be read,
 * nothing happens. For one thread.
 */
public final class Touches {

  private Mapping[] mappings = {};
  private long[] positions = {};
  private int[] lengths = {};
  private int count;

  /** What was read for the sake of reading, kept so that the compiler cannot leave it out. */
  private int sum;

  /** Has room for so many places. */
  public void reserve(int places) {
    if (places > positions.length) {
      mappings = Arrays.copyOf(mappings, places);
      positions = Arrays.copyOf(positions, places);
      lengths = Arrays.copyOf(lengths, places);
    }
  }

  /** Adds a place. */
  public void add(Mapping mapping, long position, int length) {
    if (count == positions.length) {
      reserve(2 * count + 1);
    }
    mappings[count] = mapping;
    positions[count] = position;
    lengths[count] = length;
    count++;
  }

  /** Touches the places that were added since the last time. */
  public void run() {
    int touched = 0;
    try {
      for (int i = 0; i < count; i++) {
        touched += mappings[i].touch(positions[i], lengths[i]);
      }
      Faults.deliver();
    } catch (IllegalStateException | InternalError _) {
      // Closed, or shorter than it was mapped: the reading that follows tells.
    }
    sum += touched;
    count = 0;
  }

  @Override
  public String toString() {
    return count + " places, checksum of touched bytes " + sum;
  }
}
