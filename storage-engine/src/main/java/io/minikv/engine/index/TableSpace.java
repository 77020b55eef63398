package io.minikv.engine.index;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all tables of an index: a few large arrays, the slabs, that are filled one after
 * the other. The place of a table that was replaced is never used again, so that readers may go on
 * in it. When such dead places are too many, the tables that are left in the oldest slab are built
 * anew elsewhere, and it goes to the garbage collector as a whole (Rumble et al., Log-structured
 * memory for DRAM-based storage, FAST 2014). As tables grow at the same pace, those in the oldest
 * slab are the fullest ones, whose turn it would be soon anyhow.
 *
 * <p>Each table in an array of its own would give the collector many that are small and new when a
 * store grows: it would copy them, and stop all threads meanwhile.
 *
 * <p>Thread-safe.
 */
final class TableSpace {

  /** When more than one of so many parts of all memory is dead, that is too much. */
  private static final int DEAD_PARTS = 32;

  private static final int NEVER_TOO_MUCH_DEAD = (64 << 10) / Long.BYTES;

  /** A slab is one of so many parts of all memory, within the bounds below. */
  private static final int SLAB_PARTS = 16;

  private static final int SMALLEST_SLAB_BYTES = 32 << 10;
  private static final int LARGEST_SLAB_BYTES = 4 << 20;
  private static final int ARRAY_HEADER_BYTES = 16;

  /** The table of each shard, all in one array: a reader asks no shard, which may not be near. */
  private final AtomicReferenceArray<Table> tables;

  private volatile @Nullable Slab crowded;

  // Guarded by this.
  private final ArrayDeque<Slab> slabs = new ArrayDeque<>();
  private long length;
  private long liveLength;

  /** One array, filled from its beginning on. Guarded by its space, but for the array. */
  static final class Slab {

    private final long[] numbers;

    /** The shards whose tables were built in it, in the order of their places. */
    private int[] shards = new int[16];

    private int tables;
    private int liveTables;
    private int used;

    /** The first one of {@link #shards} that was not asked for to be moved. */
    private int nextToMove;

    private Slab(int length) {
      numbers = new long[length];
    }

    /** The array. */
    long[] numbers() {
      return numbers;
    }

    private int add(int shard, int tableLength) {
      if (tables == shards.length) {
        shards = Arrays.copyOf(shards, 2 * tables);
      }
      shards[tables++] = shard;
      liveTables++;
      int from = used;
      used += tableLength;
      return from;
    }

    private int unused() {
      return numbers.length - used;
    }
  }

  /**
   * A place for a table, which holds zeros.
   *
   * @param slab where it is
   * @param from the index of its first number
   */
  record Place(Slab slab, int from) {}

  /** For so many shards, which have no entries yet. */
  TableSpace(int shards) {
    Table[] none = new Table[shards];
    Arrays.fill(none, Table.NONE);
    tables = new AtomicReferenceArray<>(none);
  }

  /** The table of a shard, as it was published last. */
  Table table(int shard) {
    return tables.get(shard);
  }

  /** Makes a table that is complete the one of its shard, in one step. */
  void publish(int shard, Table table) {
    tables.set(shard, table);
  }

  /** Takes a place for the table of a shard, that holds so many numbers. */
  synchronized Place take(int shard, int tableLength) {
    Slab last = slabs.peekLast();
    if (last == null || last.unused() < tableLength) {
      last = addSlab(tableLength);
    }
    liveLength += tableLength;
    Place place = new Place(last, last.add(shard, tableLength));
    look();
    return place;
  }

  private Slab addSlab(int tableLength) {
    long part = Long.highestOneBit(length / SLAB_PARTS) * Long.BYTES;
    int bytes = Math.clamp(part, SMALLEST_SLAB_BYTES, LARGEST_SLAB_BYTES);
    // With its header a large array fills regions of the heap wholly.
    Slab added = new Slab(Math.max(tableLength, (bytes - ARRAY_HEADER_BYTES) / Long.BYTES));
    Slab former = slabs.peekLast();
    slabs.addLast(added);
    length += added.numbers.length;
    if (former != null && former.liveTables == 0) {
      drop(former);
    }
    return added;
  }

  /** Gives up the place of a table, of so many numbers. */
  synchronized void give(Slab slab, int tableLength) {
    liveLength -= tableLength;
    slab.liveTables--;
    if (slab.liveTables == 0 && slab != slabs.peekLast()) {
      drop(slab);
    }
    look();
  }

  private void drop(Slab slab) {
    slabs.remove(slab);
    length -= slab.numbers.length;
  }

  private void look() {
    long dead = length - liveLength - slabs.getLast().unused();
    boolean isCrowded =
        slabs.size() > 1 && dead > Math.max(NEVER_TOO_MUCH_DEAD, length / DEAD_PARTS);
    crowded = isCrowded ? slabs.getFirst() : null;
  }

  /** The slab that tables should be moved out of; nothing when there is room. */
  @Nullable Slab crowdedSlab() {
    return crowded;
  }

  /** A shard whose table was built in a crowded slab; another one each time. */
  synchronized int nextToMove(Slab slab) {
    return slab.shards[slab.nextToMove++];
  }

  /** How many bytes the slabs take. */
  synchronized long memoryBytes() {
    return length * Long.BYTES + (long) slabs.size() * ARRAY_HEADER_BYTES;
  }
}
