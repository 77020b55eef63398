package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long tables are, and what becomes of entries that are pushed behind their end. */
class ShardSpaceTest {

  /** The first slot of these is the last one of a table. */
  private static final long LAST_SLOT = 0xFFFF_FFFF_0000L << 4;

  private final TableSpace space = new TableSpace(8);
  private final Shard shard = new Shard(space, 5);

  @Test
  void a_table_that_is_built_has_23_slots_for_17_entries_and_some_more_at_its_end() {
    shard.load(lastOnes(0, 0), 0);
    int empty = used();
    assertThat(empty).isEqualTo(2 * (1 + 1));

    load(170);
    assertThat(used() - empty).isEqualTo(2 * (231 + 8));
  }

  @Test
  void a_short_table_has_few_slots_behind_its_end() {
    load(11);

    assertThat(used()).isEqualTo(2 * (15 + 2));
  }

  @Test
  void entries_of_the_last_slot_stand_behind_it_as_long_as_there_is_room() {
    load(1600); // 2165 slots, more than a slab of the usual length.
    TableSpace.Slab slab = space.take(0, 0).slab();

    addLastOnes(9);
    assertThat(shard.isIn(slab)).isTrue();
    assertThat(shard.contains(LAST_SLOT + 9, 10_009)).isTrue();
    assertThat(shard.contains(LAST_SLOT + 10, 10_010)).isFalse();
    assertThat(shard.containsAny(LAST_SLOT + 10)).isFalse();
    assertThat(shard.remove(LAST_SLOT + 10, 10_010)).isFalse();
    shard.add(LAST_SLOT + 10, 10_010);

    assertThat(shard.isIn(slab)).isFalse();
    assertHoldsLastOnes(10);
  }

  @Test
  void a_search_ends_with_the_table() throws Exception {
    load(1600);
    addLastOnes(9);

    assertThat(shard.table().find(LAST_SLOT + 10, location -> true)).isEqualTo(Index.NONE);
    assertThat(shard.table().find(LAST_SLOT + 9, location -> false)).isEqualTo(Index.NONE);
  }

  @Test
  void the_last_entry_of_a_full_end_can_be_removed_and_come_back() {
    load(1600);
    TableSpace.Slab slab = space.take(0, 0).slab();
    addLastOnes(9);

    assertThat(shard.remove(LAST_SLOT + 9, 10_009)).isTrue();
    assertThat(shard.contains(LAST_SLOT + 9, 10_009)).isFalse();
    shard.add(LAST_SLOT + 9, 10_009);

    assertThat(shard.isIn(slab)).isTrue();
    assertHoldsLastOnes(9);
  }

  @Test
  void a_smaller_hash_pushes_others_into_the_last_slot_and_when_that_is_taken_the_table_is_built()
      throws Exception {
    load(1600);
    TableSpace.Slab slab = space.take(0, 0).slab();
    addLastOnes(8);
    shard.add(LAST_SLOT - 1, 1);
    assertThat(shard.isIn(slab)).isTrue();

    shard.add(LAST_SLOT - 2, 2);

    assertThat(shard.isIn(slab)).isFalse();
    assertHoldsLastOnes(8);
    assertThat(shard.table().find(LAST_SLOT - 1, location -> true)).isEqualTo(1);
    assertThat(shard.table().find(LAST_SLOT - 2, location -> true)).isEqualTo(2);
  }

  @Test
  void a_table_that_is_built_is_long_enough_for_entries_that_all_belong_into_its_last_slot() {
    Shard behind = new Shard(space, 6);
    shard.load(lastOnes(1, 20), 20);
    behind.load(lastOnes(1, 20), 20);
    shard.rebuild();
    behind.rebuild();

    assertThat(shard.entries()).isEqualTo(20);
    assertHoldsLastOnes(20);
    for (int number = 1; number <= 20; number++) {
      assertThat(behind.contains(LAST_SLOT + number, 10_000L + number)).isTrue();
    }
  }

  @Test
  void a_table_that_is_built_anew_is_no_longer_than_its_entries_need() {
    load(170);
    int loaded = used();

    shard.rebuild();

    assertThat(used() - loaded).isBetween(loaded, loaded + 8);
  }

  @Test
  void a_shard_that_lost_most_entries_takes_little() {
    load(1700);
    long before = space.memoryBytes();

    for (int number = 1; number < 1700; number++) {
      shard.remove(number, number);
    }

    assertThat(shard.entries()).isOne();
    assertThat(space.memoryBytes()).isLessThan(before);
    assertThat(shard.contains(1700, 1700)).isTrue();
  }

  @Test
  void replaced_tables_give_their_space_back() {
    load(100);
    for (int i = 0; i < 1000; i++) {
      shard.rebuild();
      shard.load(lastOnes(1, 100), 100);
    }

    assertThat(space.memoryBytes()).isLessThan(100_000);
    assertThat(space.crowdedSlab()).isNull();
  }

  @Test
  void a_replaced_table_gives_back_as_much_as_it_took_wherever_it_was() {
    space.take(1, 1 << 20);
    space.take(2, 60_000);
    load(1000);

    shard.rebuild();

    assertThat(space.crowdedSlab()).isNull();
  }

  /** Entries whose first slot is the first one of all. */
  private void load(int count) {
    long[] pairs = new long[2 * count];
    for (int i = 0; i < count; i++) {
      pairs[2 * i] = i + 1L;
      pairs[2 * i + 1] = i + 1L;
    }
    shard.load(pairs, count);
  }

  private static long[] lastOnes(int first, int last) {
    long[] pairs = new long[2 * (last - first + 1)];
    for (int number = first; number <= last; number++) {
      pairs[2 * (number - first)] = LAST_SLOT + number;
      pairs[2 * (number - first) + 1] = 10_000L + number;
    }
    return pairs;
  }

  private void addLastOnes(int count) {
    for (int number = 1; number <= count; number++) {
      shard.add(LAST_SLOT + number, 10_000L + number);
    }
  }

  private void assertHoldsLastOnes(int count) {
    for (int number = 1; number <= count; number++) {
      assertThat(shard.contains(LAST_SLOT + number, 10_000L + number)).isTrue();
    }
  }

  /** How many numbers all tables took that were built until now. */
  private int used() {
    return space.take(0, 0).from();
  }
}
