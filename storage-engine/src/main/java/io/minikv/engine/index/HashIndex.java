package io.minikv.engine.index;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * An open-addressed table of hash and location with linear probing (Knuth, The Art of Computer
 * Programming, volume 3, 6.4, algorithm L), two numbers an entry.
 *
 * <p>A slot is published by its location, which is stored last. A slot that was removed keeps its
 * place in the probe sequence until the table is built anew; a lookup that meets a slot in the
 * middle of a change sees the old location with the new hash at the worst, which the matcher
 * rejects. A growing table is built aside and put in place of the old one in one step.
 */
public final class HashIndex implements Index {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long REMOVED = -1;
  private static final int SMALLEST_CAPACITY = 1 << 10;

  /** Hash and location of each slot in turn; the length is twice a power of two. */
  private volatile long[] table = new long[2 * SMALLEST_CAPACITY];

  // Only the thread that changes uses these.
  private int used;
  private int entries;

  private volatile int size;

  @Override
  public long find(long hash, Matcher matcher) throws IOException {
    long[] slots = table;
    int mask = slots.length - 1;
    for (int at = slotOf(hash, mask); ; at = (at + 2) & mask) {
      long location = (long) SLOT.getAcquire(slots, at + 1);
      if (location == NONE) {
        return NONE;
      }
      if (location != REMOVED
          && (long) SLOT.getOpaque(slots, at) == hash
          && matcher.matches(location)) {
        return location;
      }
    }
  }

  @Override
  public void add(long hash, long location) {
    if ((used + 1) * 4L > table.length / 2 * 3L) {
      rebuild();
    }
    put(table, hash, location);
    used++;
    size = ++entries;
  }

  private static void put(long[] slots, long hash, long location) {
    int mask = slots.length - 1;
    int at = slotOf(hash, mask);
    while (slots[at + 1] != NONE) {
      at = (at + 2) & mask;
    }
    SLOT.setOpaque(slots, at, hash);
    SLOT.setRelease(slots, at + 1, location);
  }

  /** The even array index at which the search for a hash begins. */
  private static int slotOf(long hash, int mask) {
    return (int) (hash << 1) & mask;
  }

  /**
   * Builds the table anew without removed slots, twice as large when it is more than half full of
   * entries.
   */
  private void rebuild() {
    long[] old = table;
    int capacity = old.length / 2;
    long[] slots = new long[size > capacity / 2 ? Math.multiplyExact(old.length, 2) : old.length];
    for (int at = 0; at < old.length; at += 2) {
      if (old[at + 1] != NONE && old[at + 1] != REMOVED) {
        put(slots, old[at], old[at + 1]);
      }
    }
    used = size;
    table = slots;
  }

  @Override
  public boolean replace(long hash, long from, long to) {
    int at = slotAt(hash, from);
    if (at < 0) {
      return false;
    }
    SLOT.setRelease(table, at + 1, to);
    return true;
  }

  @Override
  public boolean remove(long hash, long location) {
    if (!replace(hash, location, REMOVED)) {
      return false;
    }
    size = --entries;
    return true;
  }

  private int slotAt(long hash, long location) {
    long[] slots = table;
    int mask = slots.length - 1;
    for (int at = slotOf(hash, mask); slots[at + 1] != NONE; at = (at + 2) & mask) {
      if (slots[at + 1] == location && slots[at] == hash) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long[] locations() {
    long[] slots = table;
    long[] found = new long[size];
    int count = 0;
    for (int at = 1; at < slots.length; at += 2) {
      if (slots[at] != NONE && slots[at] != REMOVED) {
        found[count++] = slots[at];
      }
    }
    return Arrays.copyOf(found, count);
  }
}
