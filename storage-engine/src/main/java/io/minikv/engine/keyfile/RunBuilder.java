package io.minikv.engine.keyfile;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.Arrays;

/** Collects records of a segment, in any order, for a run in memory. For one thread. */
final class RunBuilder {

  private final KeyArena arena = new KeyArena();
  private int[] numbers = new int[64];
  private int count;

  /** Adds a record. */
  void add(FrameHead head, long offset) throws IOException {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = arena.add(head, offset);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** How many bytes the entries take, as far as whole arrays are filled. */
  long bytes() {
    return arena.bytes();
  }

  /** All of them, sorted. */
  SortedRun sorted(Breather breather) {
    int[] sorted = Arrays.copyOf(numbers, count);
    new KeyOrder(arena.chunks(), breather).sort(sorted);
    return new SortedRun(arena.chunks(), sorted);
  }
}
