package io.minikv.engine.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Places in mappings whose memory is brought near all at once, for readings that will follow. One
 * by one, each would cost the time of an access to main memory; many at once take little longer
 * than one, as long as there is next to nothing between them: therefore one mapping after the
 * other. A hint: where nothing can be read, nothing happens. For one thread.
 */
public final class Touches {

  private final List<Places> all = new ArrayList<>();

  /** What was read for the sake of reading, kept so that the compiler cannot leave it out. */
  private int sum;

  /** Adds a place. */
  public void add(Mapping mapping, long position, int length) {
    placesIn(mapping).add(position, length);
  }

  private Places placesIn(Mapping mapping) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).mapping.equals(mapping)) {
        return all.get(i);
      }
    }
    Places places = new Places(mapping);
    all.add(places);
    return places;
  }

  /** Touches the places that were added since the last time. */
  public void run() {
    int touched = 0;
    try {
      for (int i = 0; i < all.size(); i++) {
        touched += all.get(i).touch();
      }
      Faults.deliver();
    } catch (IllegalStateException | InternalError _) {
      // Closed, or shorter than it was mapped: the reading that follows tells.
    }
    for (int i = 0; i < all.size(); i++) {
      all.get(i).count = 0;
    }
    sum += touched;
  }

  @Override
  public String toString() {
    int places = all.stream().mapToInt(each -> each.count).sum();
    return places + " places, checksum of touched bytes " + sum;
  }

  /** Those in one mapping. */
  private static final class Places {

    private final Mapping mapping;
    private long[] positions = new long[16];
    private int[] lengths = new int[16];
    private int count;

    Places(Mapping mapping) {
      this.mapping = mapping;
    }

    void add(long position, int length) {
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      positions[count] = position;
      lengths[count] = length;
      count++;
    }

    int touch() {
      return mapping.touch(positions, lengths, count);
    }
  }
}
