package io.minikv.engine.index;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The index as {@value #SHARDS} independent tables, selected by the upper bits of the hash: one is
 * built anew at a time, so that growing never holds up a writer for long (a table of 10 million
 * entries in all has some 2,400), and never takes twice the memory.
 *
 * <p>Memory, in bytes an entry, of 16 in each slot: 18.8 when the tables are full, some 22 at the
 * worst, just after they were built anew; more where tables are short, up to 23.4 from 800,000
 * entries on and up to 29 from 100,000 on, and 164,000 bytes when there is none. Overwriting takes
 * none; removed slots are counted as used, and go when a table is built anew.
 *
 * <p>Thread-safe as {@link Index} says.
 */
public final class ShardedIndex implements Index {

  /** How many of the upper bits of a hash select the shard. */
  static final int SHARD_BITS = 12;

  private static final int SHARDS = 1 << SHARD_BITS;

  /** What a shard takes beside its table, with the references to both. */
  private static final int SHARD_BYTES = 40;

  /** How many tables a change moves at most: together the work of a fraction of a millisecond. */
  private static final int MOST_MOVES = 8;

  private final TableSpace space = new TableSpace(SHARDS);
  private final Shard[] shards = new Shard[SHARDS];
  private final AtomicLong size = new AtomicLong();

  /** What was read for the sake of reading, kept so that the compiler cannot leave it out. */
  private long sum;

  /** The copy that is being made, if one is; used by the one who changes. */
  private @Nullable IndexCopy copy;

  /** An empty one. */
  public ShardedIndex() {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard(space, i);
    }
  }

  private Shard shard(long hash) {
    return shards[shardOf(hash)];
  }

  private void note(long hash, long from, long to) {
    IndexCopy current = copy;
    if (current != null) {
      current.note(shardOf(hash), hash, from, to);
    }
  }

  @Override
  public long find(long hash, Matcher matcher) throws IOException {
    return space.table(shardOf(hash)).find(hash, matcher);
  }

  @Override
  public boolean contains(long hash, long location) {
    return shard(hash).contains(hash, location);
  }

  @Override
  public boolean containsAny(long hash) {
    return shard(hash).containsAny(hash);
  }

  @Override
  public void touch(long[] hashes, int from, int to) {
    long touched = 0;
    for (int i = from; i < to; i++) {
      touched += space.table(shardOf(hashes[i])).touch(hashes[i]);
    }
    sum += touched;
  }

  @Override
  public String toString() {
    return size() + " entries, checksum of touched slots " + sum;
  }

  @Override
  public void add(long hash, long location) {
    shard(hash).add(hash, location);
    size.incrementAndGet();
    note(hash, NONE, location);
    makeSpace();
  }

  /** Moves some tables when dead places take too much memory. */
  private void makeSpace() {
    int moves = 0;
    TableSpace.Slab crowded = space.crowdedSlab();
    while (crowded != null && moves < MOST_MOVES) {
      Shard shard = shards[space.nextToMove(crowded)];
      if (shard.isIn(crowded)) {
        shard.rebuild();
        moves++;
      }
      crowded = space.crowdedSlab();
    }
  }

  @Override
  public boolean replace(long hash, long from, long to) {
    boolean found = shard(hash).replace(hash, from, to);
    if (found) {
      note(hash, from, to);
    }
    return found;
  }

  @Override
  public boolean remove(long hash, long location) {
    boolean found = shard(hash).remove(hash, location);
    if (found) {
      size.decrementAndGet();
      note(hash, location, NONE);
      makeSpace();
    }
    return found;
  }

  @Override
  public IndexCopy beginCopy() {
    IndexCopy begun = new IndexCopy(this, SHARDS);
    copy = begun;
    return begun;
  }

  @Override
  public void endCopy() {
    copy = null;
  }

  /** How many entries a shard has. */
  int entries(int shard) {
    return shards[shard].entries();
  }

  /** Copies hash and location of each entry of a shard in turn, in the order of the hashes. */
  void copyTo(int shard, long[] pairs) {
    shards[shard].copyTo(pairs, 0);
  }

  @Override
  public int shards() {
    return SHARDS;
  }

  @Override
  public int shardOf(long hash) {
    return (int) (hash >>> (Long.SIZE - SHARD_BITS));
  }

  @Override
  public void load(int shard, long[] pairs, int count) {
    shards[shard].load(pairs, count);
    size.addAndGet(count);
  }

  @Override
  public long size() {
    return size.get();
  }

  @Override
  public long memoryBytes() {
    long bytes = (long) SHARDS * SHARD_BYTES + space.memoryBytes();
    for (Shard shard : shards) {
      bytes += shard.memoryBytes();
    }
    return bytes;
  }

  @Override
  public long[] locations() {
    long[] pairs = new long[Math.multiplyExact(2, Math.toIntExact(size()))];
    int end = 0;
    for (Shard shard : shards) {
      end = shard.copyTo(pairs, end);
    }
    long[] locations = new long[end / 2];
    for (int i = 0; i < locations.length; i++) {
      locations[i] = pairs[2 * i + 1];
    }
    return locations;
  }
}
