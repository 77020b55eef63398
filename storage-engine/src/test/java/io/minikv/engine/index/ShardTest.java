package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the entries of one table are found, and what becomes of the slots of removed ones. */
class ShardTest {

  /** Hashes that are so far from each other have the same first slot, if they are few. */
  private static final long STEP = 100;

  private final TableSpace space = new TableSpace(8);
  private final Shard shard = new Shard(space, 5);

  @Test
  void an_empty_shard_has_nothing() throws IOException {
    assertThat(shard.entries()).isZero();
    assertThat(shard.table().find(7, location -> true)).isEqualTo(Index.NONE);
    assertThat(shard.containsAny(7)).isFalse();
    assertThat(shard.contains(7, 1)).isFalse();
    assertThat(shard.replace(7, 1, 2)).isFalse();
    assertThat(shard.remove(7, 1)).isFalse();
    assertThat(shard.table().touch(7)).isZero();
    assertThat(shard.memoryBytes()).isZero();
    assertThat(shard.copyTo(new long[0], 0)).isZero();
  }

  @Test
  void a_table_takes_memory_beside_its_slots() {
    shard.add(7, 1);

    assertThat(shard.memoryBytes()).isPositive();
  }

  @Test
  void entries_are_copied_in_the_order_of_their_hashes_whatever_the_order_of_coming() {
    long[] hashes = {-1, 300, 0, 1L << 51, 100, -2, 1, 200, 1L << 50};
    for (int i = 0; i < hashes.length; i++) {
      shard.add(hashes[i], i + 1);
    }
    long[] pairs = new long[20];

    assertThat(shard.copyTo(pairs, 2)).isEqualTo(20);
    assertThat(pairs)
        .containsExactly(
            0, 0, 0, 3, 1, 7, 100, 5, 200, 8, 300, 2, 1L << 50, 9, 1L << 51, 4, -2, 6, -1, 1);
  }

  @Test
  void only_the_entries_of_a_hash_are_asked_about() throws IOException {
    loadRun(29);
    shard.add(10 * STEP, 1000);
    List<Long> asked = new ArrayList<>();

    assertThat(shard.table().find(10 * STEP, location -> !asked.add(location)))
        .isEqualTo(Index.NONE);

    assertThat(asked).containsExactlyInAnyOrder(10L, 1000L);
  }

  @Test
  void a_hash_between_others_has_no_entry() throws IOException {
    loadRun(29);

    for (long hash = STEP / 2; hash < 30 * STEP; hash += STEP) {
      assertThat(shard.table().find(hash, location -> true)).isEqualTo(Index.NONE);
      assertThat(shard.containsAny(hash)).isFalse();
    }
    for (long number = 1; number <= 29; number++) {
      assertThat(shard.table().find(number * STEP, location -> true)).isEqualTo(number);
      assertThat(shard.containsAny(number * STEP)).isTrue();
    }
  }

  @Test
  void an_entry_is_there_under_its_hash_and_its_location_only() {
    loadRun(29);

    assertThat(shard.contains(10 * STEP, 10)).isTrue();
    assertThat(shard.contains(10 * STEP, 11)).isFalse();
    assertThat(shard.contains(11 * STEP, 10)).isFalse();
  }

  @Test
  void a_removed_entry_is_not_found_and_not_asked_about() throws IOException {
    loadRun(29);
    shard.add(10 * STEP, 1000);
    shard.remove(10 * STEP, 1000);
    shard.remove(11 * STEP, 11);
    List<Long> asked = new ArrayList<>();

    assertThat(shard.table().find(10 * STEP, location -> !asked.add(location)))
        .isEqualTo(Index.NONE);
    assertThat(asked).containsExactly(10L);
    assertThat(shard.table().find(11 * STEP, location -> true)).isEqualTo(Index.NONE);
    assertThat(shard.containsAny(11 * STEP)).isFalse();
    assertThat(shard.containsAny(12 * STEP)).isTrue();
    assertThat(shard.entries()).isEqualTo(28);
  }

  @Test
  void an_entry_stands_where_its_search_begins_when_hashes_are_spread_evenly() {
    long[] pairs = new long[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = spread(i, 100);
      pairs[2 * i + 1] = i + 1L;
    }
    shard.load(pairs, 100);

    for (int i = 0; i < 100; i++) {
      assertThat(shard.table().touch(spread(i, 100))).isEqualTo(~spread(i, 100));
    }
  }

  @Test
  void a_slot_behind_which_nothing_stands_is_free_again_when_its_entry_is_removed() {
    shard.add(7, 1);
    assertThat(shard.table().touch(7)).isEqualTo(~7L);

    shard.remove(7, 1);

    assertThat(shard.table().touch(7)).isZero();
  }

  @Test
  void a_table_is_built_anew_when_more_than_17_of_20_slots_are_used() {
    loadRun(29); // 40 slots
    addBehindRun(30, 34);
    int used = used();

    shard.add(35 * STEP, 35);

    assertThat(used()).isGreaterThan(used);
    assertHoldsRun(35);
  }

  @Test
  void a_table_that_was_built_anew_can_grow_by_15_percent() {
    loadRun(29);
    addBehindRun(30, 35);
    int used = used();

    addBehindRun(36, 40);
    assertThat(used()).isEqualTo(used);
    shard.add(41 * STEP, 41);

    assertThat(used()).isGreaterThan(used);
    assertHoldsRun(41);
  }

  @Test
  void removed_slots_between_others_are_counted_as_used() {
    loadRun(29);
    addBehindRun(30, 34);
    shard.remove(10 * STEP, 10);
    int used = used();

    shard.add(35 * STEP, 35);

    assertThat(used()).isGreaterThan(used);
    assertThat(shard.entries()).isEqualTo(34);
  }

  @Test
  void removed_slots_that_only_free_ones_follow_are_free_again() {
    loadRun(29);
    addBehindRun(30, 34);
    shard.remove(33 * STEP, 33);
    shard.remove(34 * STEP, 34);
    int used = used();

    addBehindRun(33, 34);
    assertThat(used()).isEqualTo(used);
    shard.add(35 * STEP, 35);

    assertThat(used()).isGreaterThan(used);
    assertHoldsRun(35);
  }

  @Test
  void an_entry_takes_the_removed_slot_before_its_place() {
    loadRun(29);
    shard.remove(10 * STEP, 10);
    int used = used();

    shard.add(10 * STEP + 1, 10);

    assertFullAfter(5, used);
    assertThat(shard.contains(10 * STEP + 1, 10)).isTrue();
    assertThat(shard.contains(9 * STEP, 9)).isTrue();
    assertThat(shard.contains(11 * STEP, 11)).isTrue();
  }

  @Test
  void entries_are_pushed_into_the_removed_slot_behind_them() {
    loadRun(29);
    shard.remove(20 * STEP, 20);
    int used = used();

    shard.add(10 * STEP - 1, 1000);

    assertFullAfter(5, used);
    assertThat(shard.contains(10 * STEP - 1, 1000)).isTrue();
    for (long number = 1; number <= 29; number++) {
      assertThat(shard.contains(number * STEP, number)).isEqualTo(number != 20);
    }
  }

  @Test
  void a_removed_slot_before_the_first_one_of_a_hash_is_not_taken() throws IOException {
    long[] pairs = new long[58];
    for (int i = 0; i < 29; i++) {
      pairs[2 * i] = spread(i, 40); // One in each of the first slots.
      pairs[2 * i + 1] = i + 1L;
    }
    shard.load(pairs, 29);
    shard.remove(spread(9, 40), 10);

    shard.add(spread(10, 40) - 1, 1000);

    assertThat(shard.table().find(spread(10, 40) - 1, location -> true)).isEqualTo(1000);
    assertThat(shard.table().find(spread(10, 40), location -> true)).isEqualTo(11);
  }

  @Test
  void a_table_shrinks_when_fewer_than_a_third_of_its_slots_is_used() {
    loadRun(31); // 42 slots
    removeFromRun(31, 15);
    int used = used();
    assertThat(used).isEqualTo(2 * (42 + 6));

    shard.remove(14 * STEP, 14);

    assertThat(used() - used).isBetween(2 * 13, 2 * 24);
    assertHoldsRun(13);
  }

  @Test
  void a_small_table_does_not_shrink() {
    loadRun(11); // 15 slots
    int used = used();

    removeFromRun(11, 1);

    assertThat(used()).isEqualTo(used);
    assertThat(shard.entries()).isZero();
  }

  private void loadRun(int count) {
    long[] pairs = new long[2 * count];
    for (int i = 0; i < count; i++) {
      pairs[2 * i] = (i + 1) * STEP;
      pairs[2 * i + 1] = i + 1L;
    }
    shard.load(pairs, count);
  }

  private void addBehindRun(int first, int last) {
    for (int number = first; number <= last; number++) {
      shard.add(number * STEP, number);
    }
  }

  private void removeFromRun(int last, int first) {
    for (int number = last; number >= first; number--) {
      assertThat(shard.remove(number * STEP, number)).isTrue();
    }
  }

  private void assertHoldsRun(int count) {
    long[] pairs = new long[2 * count];
    assertThat(shard.entries()).isEqualTo(count);
    assertThat(shard.copyTo(pairs, 0)).isEqualTo(pairs.length);
    for (int i = 0; i < count; i++) {
      assertThat(Arrays.copyOfRange(pairs, 2 * i, 2 * i + 2))
          .containsExactly((i + 1) * STEP, i + 1);
      assertThat(shard.contains((i + 1) * STEP, i + 1)).isTrue();
    }
  }

  /** So many more entries fit into the table, but not one more. */
  private void assertFullAfter(int more, int used) {
    addBehindRun(101, 100 + more);
    assertThat(used()).isEqualTo(used);
    shard.add(200 * STEP, 200);
    assertThat(used()).isGreaterThan(used);
  }

  /** The hash of one of so many parts of all hashes of the shard. */
  private static long spread(int part, int parts) {
    return ((2L * part + 1) << 51) / parts | 5L << 52;
  }

  /** How many numbers all tables took that were built until now. */
  private int used() {
    return space.take(0, 0).from();
  }
}
