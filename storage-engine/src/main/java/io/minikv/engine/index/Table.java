package io.minikv.engine.index;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The table of a {@link Shard}, as readers search it: a part of an array of a {@link TableSpace},
 * with slots of two numbers each, the complement of the hash, then the location. There are some
 * more slots than the hashes are spread over, for entries that are pushed beyond the end.
 *
 * <p>A slot that is free has two zeros, which with complements comes behind every hash. A slot
 * whose location is {@link #REMOVED} holds its place, but no entry. {@link Shard} says why a search
 * that takes no lock finds what is there.
 */
final class Table {

  /** The location in a slot that holds no entry any more, or is being overwritten. */
  static final long REMOVED = -1;

  static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  static final int SLOT_LENGTH = 2;

  /** The table of a shard without entries. */
  static final Table NONE = new Table(null, new long[0], 0, 0, 0);

  /** So many bits of a hash, behind those that select the shard, tell where its slot is. */
  private static final int FRACTION_BITS = 31;

  /** Nothing when there are no slots. */
  final TableSpace.@Nullable Slab slab;

  final long[] numbers;

  /** The index of the first number. */
  final int from;

  /** The index behind the last one. */
  final int end;

  /** How many slots the hashes are spread over. */
  final int capacity;

  Table(TableSpace.@Nullable Slab slab, long[] numbers, int from, int length, int capacity) {
    this.slab = slab;
    this.numbers = numbers;
    this.from = from;
    this.end = from + length;
    this.capacity = capacity;
  }

  /** Which of so many slots is the first one in which an entry of a hash can stand. */
  static int homeSlot(long hash, int capacity) {
    long fraction = hash << ShardedIndex.SHARD_BITS >>> (Long.SIZE - FRACTION_BITS);
    return (int) ((fraction * capacity) >>> FRACTION_BITS);
  }

  /** The first slot in which an entry of that hash can stand. */
  int home(long hash) {
    return from + SLOT_LENGTH * homeSlot(hash, capacity);
  }

  int length() {
    return end - from;
  }

  /** See {@link Index#find}. */
  long find(long hash, Index.Matcher matcher) throws IOException {
    long word = ~hash;
    for (int at = home(hash); at < end; at += SLOT_LENGTH) {
      long candidate = (long) SLOT.getAcquire(numbers, at);
      if (candidate == word) {
        long location = (long) SLOT.getAcquire(numbers, at + 1);
        if (location == Index.NONE) {
          return Index.NONE; // The greatest hash, whose complement is that of a free slot.
        }
        if (location != REMOVED
            && (long) SLOT.getAcquire(numbers, at) == word
            && matcher.matches(location)) {
          return location;
        }
      } else if (Long.compareUnsigned(candidate, word) < 0) {
        return Index.NONE;
      }
    }
    return Index.NONE;
  }

  /** Reads the slot where a search for a hash begins, if there is one. */
  long touch(long hash) {
    return length() == 0 ? 0 : numbers[home(hash)];
  }
}
