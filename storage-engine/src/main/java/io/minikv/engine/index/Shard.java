package io.minikv.engine.index;

import static io.minikv.engine.index.Table.REMOVED;
import static io.minikv.engine.index.Table.SLOT;
import static io.minikv.engine.index.Table.SLOT_LENGTH;

/**
 * One part of the index: the entries whose hashes have the same upper bits, in one open-addressed
 * table with linear probing whose entries stand in the order of their hashes (Amble and Knuth,
 * Ordered hash tables, The Computer Journal 17(2), 1974). A search ends at the first entry of a
 * greater hash, so that a miss costs no more than a hit, and building a table anew is one pass.
 *
 * <p>This is the side that changes it; readers search the {@link Table} that was published last.
 *
 * <p><b>Readers take no lock.</b> Why they never miss an entry that is there all the time:
 *
 * <ol>
 *   <li>Within a table entries only move towards its end, as readers do: the last one of a run
 *       first, and each is complete in its new slot before the old one is overwritten. A reader
 *       that has not met an entry in one slot therefore meets it in a later one. Entries never move
 *       towards the start: a removed one leaves its slot marked, until the slot is overwritten by
 *       another entry, the slots behind it are free too, or the table is built anew.
 *   <li>At every moment the hashes stand in order, so that nothing that is looked for stands behind
 *       the place where a search ends.
 *   <li>A new table is complete before it is published, in one step. The old one is never changed
 *       again: a reader that still uses it sees the state at the moment when it began or later.
 * </ol>
 *
 * <p>Why they never see an entry that never was: a slot is marked as removed before its hash
 * changes, and gets its location last; a reader takes a location only when the hash before it and
 * the hash after it is the one that it looks for.
 *
 * <p>Any number of threads may look up; one at a time changes.
 */
final class Shard {

  /** What a table takes beside its slots. */
  private static final int TABLE_BYTES = 32;

  /** The table is built anew when more than 17 of 20 slots are used. */
  private static final int FULL_NUMERATOR = 17;

  private static final int FULL_DENOMINATOR = 20;

  /** A table that is built has 23 slots for 17 entries: it can grow by 15% until it is full. */
  private static final int ROOM_NUMERATOR = 23;

  /**
   * A table that is larger than this is built anew when fewer than a third of its slots is used.
   */
  private static final int LEAST_TO_SHRINK = 16;

  /** At least one slot behind the last entry of a table that was built is free, at most so many. */
  private static final int MOST_SPARE_SLOTS = 8;

  private final TableSpace space;
  private final int number;

  // Only the one who changes uses these.
  private int entries;
  private int removed;

  /** An empty one, whose tables are in a space. */
  Shard(TableSpace space, int number) {
    this.space = space;
    this.number = number;
  }

  /** Its table, for readers. */
  Table table() {
    return space.table(number);
  }

  boolean contains(long hash, long location) {
    return slotOf(hash, location) >= 0;
  }

  boolean containsAny(long hash) {
    Table current = table();
    long[] slots = current.numbers;
    for (int at = current.home(hash); isUpTo(current, at, ~hash); at += SLOT_LENGTH) {
      if (slots[at] == ~hash && slots[at + 1] != REMOVED) {
        return true;
      }
    }
    return false;
  }

  private int slotOf(long hash, long location) {
    Table current = table();
    long[] slots = current.numbers;
    for (int at = current.home(hash); isUpTo(current, at, ~hash); at += SLOT_LENGTH) {
      if (slots[at + 1] == location && slots[at] == ~hash) {
        return at;
      }
    }
    return -1;
  }

  /** Whether a slot is used, and not by an entry that comes behind those of a hash. */
  private static boolean isUpTo(Table table, int at, long word) {
    return at < table.end
        && table.numbers[at + 1] != Index.NONE
        && Long.compareUnsigned(table.numbers[at], word) >= 0;
  }

  void add(long hash, long location) {
    if ((entries + removed + 1L) * FULL_DENOMINATOR > (long) table().capacity * FULL_NUMERATOR) {
      rebuild();
    }
    while (!insert(table(), hash, location)) {
      rebuild(); // The end of the table was full; the new one has a free slot there.
    }
    entries++;
  }

  private boolean insert(Table current, long hash, long location) {
    long[] slots = current.numbers;
    int home = current.home(hash);
    int at = home;
    while (isUpTo(current, at, ~hash)) {
      at += SLOT_LENGTH;
    }
    if (at > home && slots[at - 1] == REMOVED) {
      removed--;
      set(slots, at - SLOT_LENGTH, ~hash, location);
      return true;
    }
    int free = at;
    while (free < current.end && slots[free + 1] > Index.NONE) {
      free += SLOT_LENGTH;
    }
    if (free >= current.end) {
      return false;
    }
    if (slots[free + 1] == REMOVED) {
      removed--;
    }
    for (; free > at; free -= SLOT_LENGTH) {
      set(slots, free, slots[free - SLOT_LENGTH], slots[free - SLOT_LENGTH + 1]);
    }
    set(slots, at, ~hash, location);
    return true;
  }

  private static void set(long[] slots, int at, long word, long location) {
    SLOT.setRelease(slots, at + 1, REMOVED);
    SLOT.setRelease(slots, at, word);
    SLOT.setRelease(slots, at + 1, location);
  }

  boolean replace(long hash, long from, long to) {
    int at = slotOf(hash, from);
    if (at < 0) {
      return false;
    }
    SLOT.setRelease(table().numbers, at + 1, to);
    return true;
  }

  boolean remove(long hash, long location) {
    int at = slotOf(hash, location);
    if (at < 0) {
      return false;
    }
    Table current = table();
    SLOT.setRelease(current.numbers, at + 1, REMOVED);
    entries--;
    removed++;
    freeEndOfRun(current, at);
    if (current.capacity > LEAST_TO_SHRINK && entries * 3L < current.capacity) {
      rebuild();
    }
    return true;
  }

  /** Frees removed slots that only free ones follow: nothing is looked for behind them. */
  private void freeEndOfRun(Table current, int last) {
    long[] slots = current.numbers;
    int behind = last + SLOT_LENGTH;
    if (behind < current.end && slots[behind + 1] != Index.NONE) {
      return;
    }
    for (int at = last; at >= current.from && slots[at + 1] == REMOVED; at -= SLOT_LENGTH) {
      SLOT.setRelease(slots, at, 0L);
      SLOT.setRelease(slots, at + 1, Index.NONE);
      removed--;
    }
  }

  /** Builds the table anew elsewhere, without removed slots and with some room. */
  void rebuild() {
    Table current = table();
    build(current.numbers, current.from, current.end, -1L, entries + 1);
  }

  /** Whether its table is in that slab. */
  boolean isIn(TableSpace.Slab slab) {
    return slab.equals(table().slab);
  }

  /**
   * Takes entries in place of those there are.
   *
   * @param pairs hash and location of each in turn, in the order of their hashes as unsigned
   *     numbers
   */
  void load(long[] pairs, int count) {
    build(pairs, 0, SLOT_LENGTH * count, 0L, count);
    entries = count;
  }

  /**
   * Publishes a table of the entries in a part of an array, leaving out those without a location.
   *
   * @param mask what makes hashes of the numbers there by exclusive or
   * @param wanted for how many entries there must be room
   */
  private void build(long[] source, int from, int to, long mask, int wanted) {
    int capacity = Math.toIntExact((long) wanted * ROOM_NUMERATOR / FULL_NUMERATOR + 1);
    int slots = 0;
    for (int i = from; i < to; i += SLOT_LENGTH) {
      if (source[i + 1] > Index.NONE) {
        slots = Math.max(slots, Table.homeSlot(source[i] ^ mask, capacity)) + 1;
      }
    }
    int spare = 1 + Math.min(MOST_SPARE_SLOTS - 1, capacity / 8);
    int length = Math.multiplyExact(SLOT_LENGTH, Math.addExact(Math.max(slots, capacity), spare));
    TableSpace.Place place = space.take(number, length);
    int first = place.from();
    Table built = new Table(place.slab(), place.slab().numbers(), first, length, capacity);
    int at = first;
    for (int i = from; i < to; i += SLOT_LENGTH) {
      if (source[i + 1] > Index.NONE) {
        at = Math.max(at, built.home(source[i] ^ mask));
        built.numbers[at] = ~(source[i] ^ mask);
        built.numbers[at + 1] = source[i + 1];
        at += SLOT_LENGTH;
      }
    }
    removed = 0;
    Table replaced = table();
    space.publish(number, built);
    if (replaced.slab != null) {
      space.give(replaced.slab, replaced.length());
    }
  }

  /** How many entries there are. */
  int entries() {
    return entries;
  }

  /**
   * Copies hash and location of each entry in turn, in the order of their hashes.
   *
   * @return the index behind the last one
   */
  int copyTo(long[] pairs, int from) {
    Table current = table();
    long[] slots = current.numbers;
    int to = from;
    for (int at = current.from; at < current.end; at += SLOT_LENGTH) {
      if (slots[at + 1] > Index.NONE) {
        pairs[to++] = ~slots[at];
        pairs[to++] = slots[at + 1];
      }
    }
    return to;
  }

  /** How many bytes it takes, without slots. */
  long memoryBytes() {
    return table().slab == null ? 0 : TABLE_BYTES;
  }
}
