package io.minikv.engine.index;

import java.util.Arrays;

/**
 * A copy of an index as of one moment, made shard by shard while the index changes. Changes of
 * shards that were not copied yet are noted, and taken back in the copy: the last one first.
 *
 * <p>The state of a shard is taken while nothing changes it ({@link #take}); what was taken is then
 * put right without holding up anybody ({@link #entries}).
 */
public final class IndexCopy {

  private static final int CHANGE_LENGTH = 3;
  private static final int FEW_CHANGES = 8;
  private static final long[] NO_CHANGES = {};

  private final ShardedIndex index;

  /** Of each shard its changes since the beginning: hash, former and new location of each. */
  private final long[][] changes;

  private final int[] lengths;

  /** The first shard that was not taken. */
  private int next;

  // What was taken, and its changes.
  private long[] pairs = new long[0];
  private int count;
  private long[] taken = NO_CHANGES;
  private int takenLength;

  IndexCopy(ShardedIndex index, int shards) {
    this.index = index;
    this.changes = new long[shards][];
    Arrays.fill(changes, NO_CHANGES);
    this.lengths = new int[shards];
  }

  /** Notes a change, {@link Index#NONE} standing for no location. Called by the one who changes. */
  void note(int shard, long hash, long from, long to) {
    if (shard < next) {
      return;
    }
    int length = lengths[shard];
    if (length == changes[shard].length) {
      changes[shard] =
          Arrays.copyOf(changes[shard], Math.max(CHANGE_LENGTH * FEW_CHANGES, 2 * length));
    }
    changes[shard][length] = hash;
    changes[shard][length + 1] = from;
    changes[shard][length + 2] = to;
    lengths[shard] = length + CHANGE_LENGTH;
  }

  /** Takes the next shard that holds anything, while nothing changes; false when there is none. */
  public boolean take() {
    while (next < changes.length && index.entries(next) == 0 && lengths[next] == 0) {
      next++;
    }
    if (next == changes.length) {
      return false;
    }
    count = index.entries(next);
    // As many entries may have been removed since as there are changes.
    int needed = 2 * (count + lengths[next] / CHANGE_LENGTH);
    if (pairs.length < needed) {
      pairs = new long[needed + needed / 4];
    }
    index.copyTo(next, pairs);
    taken = changes[next];
    takenLength = lengths[next];
    changes[next] = NO_CHANGES;
    next++;
    return true;
  }

  /** How many entries the shard that was taken last had; valid after {@link #entries}. */
  public int count() {
    return count;
  }

  /**
   * Hash and location of each entry of the shard that was taken last, in turn and in the order of
   * the hashes; the first {@link #count} of them. Valid until the next one is taken.
   */
  public long[] entries() {
    for (int change = takenLength - CHANGE_LENGTH; change >= 0; change -= CHANGE_LENGTH) {
      takeBack(taken[change], taken[change + 1], taken[change + 2]);
    }
    takenLength = 0;
    return pairs;
  }

  private void takeBack(long hash, long from, long to) {
    if (to == Index.NONE) {
      insert(firstOf(hash), hash, from);
      return;
    }
    int at = firstOf(hash);
    while (pairs[at + 1] != to) {
      at += 2;
    }
    if (from == Index.NONE) {
      System.arraycopy(pairs, at + 2, pairs, at, 2 * count - at - 2);
      count--;
    } else {
      pairs[at + 1] = from;
    }
  }

  private void insert(int at, long hash, long location) {
    System.arraycopy(pairs, at, pairs, at + 2, 2 * count - at);
    pairs[at] = hash;
    pairs[at + 1] = location;
    count++;
  }

  /** Where the first entry stands, or would stand, whose hash is not smaller. */
  private int firstOf(long hash) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(pairs[2 * middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * low;
  }
}
