package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where tables get their places, and when those of replaced ones are given back. */
class TableSpaceTest {

  /** The numbers in the smallest slab, which with its header takes 32 KiB. */
  private static final int SLAB_LENGTH = 4094;

  private static final int SLAB_BYTES = 32 << 10;

  /** Four of them go into a slab. */
  private static final int TABLE_LENGTH = 1000;

  private final TableSpace space = new TableSpace(8);

  @Test
  void nothing_takes_nothing() {
    assertThat(space.memoryBytes()).isZero();
    assertThat(space.crowdedSlab()).isNull();
  }

  @Test
  void tables_follow_each_other_in_a_slab_until_it_is_full() {
    TableSpace.Place first = space.take(1, 4000);
    TableSpace.Place second = space.take(2, 94);
    TableSpace.Place third = space.take(3, 1);

    assertThat(first.from()).isZero();
    assertThat(second.slab()).isSameAs(first.slab());
    assertThat(second.from()).isEqualTo(4000);
    assertThat(third.slab()).isNotSameAs(first.slab());
    assertThat(third.from()).isZero();
    assertThat(first.slab().numbers()).hasSize(SLAB_LENGTH).containsOnly(0L);
    assertThat(space.memoryBytes()).isEqualTo(2 * SLAB_BYTES);
  }

  @Test
  void a_table_that_is_longer_than_a_slab_has_one_of_its_length() {
    TableSpace.Place place = space.take(1, 2 * SLAB_LENGTH);

    assertThat(place.slab().numbers()).hasSize(2 * SLAB_LENGTH);
    assertThat(space.memoryBytes()).isEqualTo(2 * SLAB_LENGTH * 8 + 16);
  }

  @Test
  void slabs_are_longer_where_there_is_more() {
    space.take(1, 16 * 8192);

    TableSpace.Place place = space.take(2, 1);

    assertThat(place.slab().numbers()).hasSize(8192 - 2);
  }

  @Test
  void no_slab_is_longer_than_4_mebibytes() {
    space.take(1, 16 << 20);

    TableSpace.Place place = space.take(2, 1);

    assertThat(place.slab().numbers()).hasSize((4 << 20) / 8 - 2);
  }

  @Test
  void a_slab_whose_tables_were_all_replaced_takes_nothing_any_more() {
    TableSpace.Place first = space.take(1, 4000);
    TableSpace.Place second = space.take(2, 94);
    space.take(1, 4000);

    space.give(first.slab(), 4000);
    assertThat(space.memoryBytes()).isEqualTo(2 * SLAB_BYTES);
    space.give(second.slab(), 94);
    assertThat(space.memoryBytes()).isEqualTo(SLAB_BYTES);
  }

  @Test
  void the_slab_that_is_being_filled_stays_until_there_is_another_one() {
    TableSpace.Place place = space.take(1, 4000);
    space.give(place.slab(), 4000);
    assertThat(space.memoryBytes()).isEqualTo(SLAB_BYTES);

    assertThat(space.take(2, 94).slab()).isSameAs(place.slab());
    space.give(place.slab(), 94);
    assertThat(space.take(3, 95).slab()).isNotSameAs(place.slab());
    assertThat(space.memoryBytes()).isEqualTo(SLAB_BYTES);
  }

  @Test
  void tables_are_to_be_moved_out_of_the_oldest_slab_when_64_KiB_are_dead() {
    List<TableSpace.Place> places = takeTables(48); // The 94 numbers behind each four are dead.
    final TableSpace.Slab oldest = places.getFirst().slab();

    for (int i = 0; i < 7; i++) {
      space.give(places.get(4 * i + 5).slab(), TABLE_LENGTH);
    }
    assertThat(space.crowdedSlab()).isNull();
    space.give(places.get(46).slab(), TABLE_LENGTH);

    assertThat(space.crowdedSlab()).isSameAs(oldest);
    assertThat(List.of(space.nextToMove(oldest), space.nextToMove(oldest))).containsExactly(0, 1);
  }

  @Test
  void the_next_slab_is_to_be_emptied_when_the_oldest_one_is_gone() {
    List<TableSpace.Place> places = takeTables(48);
    for (int i = 0; i < 8; i++) {
      space.give(places.get(4 * i + 7).slab(), TABLE_LENGTH);
    }
    final TableSpace.Slab oldest = places.getFirst().slab();
    assertThat(space.crowdedSlab()).isSameAs(oldest);

    for (int i = 0; i < 4; i++) {
      space.give(oldest, TABLE_LENGTH);
    }

    assertThat(space.crowdedSlab()).isSameAs(places.get(4).slab());
  }

  @Test
  void exactly_64_KiB_are_not_too_much_to_be_dead() {
    space.take(1, 16 * 8192);
    for (int shard = 2; shard <= 3; shard++) {
      TableSpace.Place dead = space.take(shard, 4096);
      space.take(shard, 8192 - 2 - 4096);
      space.give(dead.slab(), 4096);
    }
    TableSpace.Place last = space.take(4, 10);
    assertThat(space.crowdedSlab()).isNull();

    space.give(last.slab(), 1);
    assertThat(space.crowdedSlab()).isNotNull();
  }

  @Test
  void what_tables_leave_of_full_slabs_is_dead() {
    for (int shard = 0; shard < 5; shard++) {
      assertThat(space.crowdedSlab()).isNull();
      space.take(shard, 2048 - 10);
      space.take(shard, 1);
      space.take(shard, 2048);
    }
    space.take(5, 2048);
    for (int shard = 6; shard < 12; shard++) {
      space.take(shard, 2048);
    }

    assertThat(space.crowdedSlab()).isNotNull();
  }

  @Test
  void of_much_memory_a_thirty_second_part_may_be_dead() {
    space.take(1, 32 * 10_000);
    TableSpace.Place dead = space.take(2, 9_000);
    space.take(3, 32);
    space.give(dead.slab(), 9_000);
    assertThat(space.crowdedSlab()).isNull();

    space.give(space.take(4, 2_000).slab(), 2_000);
    assertThat(space.crowdedSlab()).isNotNull();
  }

  @Test
  void a_single_slab_is_never_crowded() {
    TableSpace.Place place = space.take(1, 20_000);
    space.give(place.slab(), 20_000);

    assertThat(space.crowdedSlab()).isNull();
  }

  @Test
  void a_slab_remembers_the_shards_of_any_number_of_tables() {
    TableSpace.Place first = space.take(0, 2);
    for (int shard = 1; shard < 100; shard++) {
      space.take(shard, 2);
    }

    for (int shard = 0; shard < 100; shard++) {
      assertThat(space.nextToMove(first.slab())).isEqualTo(shard);
    }
  }

  private List<TableSpace.Place> takeTables(int count) {
    List<TableSpace.Place> places = new ArrayList<>();
    for (int shard = 0; shard < count; shard++) {
      places.add(space.take(shard, TABLE_LENGTH));
    }
    return places;
  }
}
