package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy tells an index as it was when the copy began, whatever changes meanwhile. */
class IndexCopyTest {

  private static final long FIRST_SHARD = 1;
  private static final long LAST_SHARD = 0xFFFL << 52 | 1;

  private static final Comparator<Pair> IN_ORDER =
      Comparator.<Pair>comparingLong(pair -> pair.hash() ^ Long.MIN_VALUE)
          .thenComparingLong(Pair::location);

  /** An entry. */
  private record Pair(long hash, long location) {}

  private final ShardedIndex index = new ShardedIndex();
  private final List<Pair> entries = new ArrayList<>();
  private long lastLocation;

  @Test
  void a_copy_of_nothing_holds_nothing() {
    assertThat(index.beginCopy().take()).isFalse();
  }

  @Test
  void shards_without_entries_are_passed_over() {
    add(LAST_SHARD);
    add(FIRST_SHARD);
    IndexCopy copy = index.beginCopy();

    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).containsExactly(new Pair(FIRST_SHARD, 2));
    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).containsExactly(new Pair(LAST_SHARD, 1));
    assertThat(copy.take()).isFalse();
  }

  @Test
  void a_shard_that_lost_its_only_entry_meanwhile_still_has_it_in_the_copy() {
    add(FIRST_SHARD);
    IndexCopy copy = index.beginCopy();
    index.remove(FIRST_SHARD, 1);

    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).containsExactly(new Pair(FIRST_SHARD, 1));
  }

  @Test
  void many_entries_that_were_all_removed_meanwhile_are_all_in_the_copy() {
    for (int i = 0; i < 100; i++) {
      add(i);
    }
    IndexCopy copy = index.beginCopy();
    entries.forEach(entry -> index.remove(entry.hash(), entry.location()));

    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).isEqualTo(entries);
  }

  @Test
  void what_came_meanwhile_is_in_the_next_copy_only() {
    add(FIRST_SHARD);
    IndexCopy copy = index.beginCopy();
    add(FIRST_SHARD);
    add(LAST_SHARD);

    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).containsExactly(new Pair(FIRST_SHARD, 1));
    assertThat(copy.take()).isTrue();
    assertThat(read(copy)).isEmpty();

    index.endCopy();
    assertThat(readAll(index.beginCopy(), new Random(1), 0)).isEqualTo(sorted(entries));
  }

  @Test
  void what_is_read_twice_is_the_same() {
    add(FIRST_SHARD);
    IndexCopy copy = index.beginCopy();
    index.replace(FIRST_SHARD, 1, 7);
    copy.take();

    assertThat(read(copy)).isEqualTo(read(copy)).containsExactly(new Pair(FIRST_SHARD, 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void random_changes_beside_a_copy_are_taken_back(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      add(randomHash(random));
    }
    final List<Pair> before = sorted(entries);
    IndexCopy copy = index.beginCopy();
    for (int i = 0; i < 300; i++) {
      change(random);
    }

    assertThat(readAll(copy, random, 20)).isEqualTo(before);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void an_index_that_is_loaded_from_a_copy_is_the_one_that_was_copied(long seed)
      throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      add(randomHash(random));
    }
    ShardedIndex loaded = new ShardedIndex();
    add(FIRST_SHARD); // What is there is replaced.
    loaded.add(FIRST_SHARD, 12345);
    loaded.remove(FIRST_SHARD, 12345);
    IndexCopy copy = index.beginCopy();
    while (copy.take()) {
      long[] pairs = copy.entries();
      loaded.load((int) (pairs[0] >>> 52), pairs, copy.count());
    }

    assertThat(loaded.size()).isEqualTo(entries.size());
    for (Pair pair : entries) {
      assertThat(loaded.find(pair.hash(), location -> location == pair.location()))
          .isEqualTo(pair.location());
    }
    assertThat(readAll(loaded.beginCopy(), random, 0)).isEqualTo(sorted(entries));
    for (Pair pair : entries) {
      assertThat(loaded.remove(pair.hash(), pair.location())).isTrue();
    }
    assertThat(loaded.size()).isZero();
  }

  /** Few shards, and in each few hashes, so that entries share them. */
  private static long randomHash(Random random) {
    long shard = random.nextInt(5) * 1023L;
    return shard << 52 | (long) random.nextInt(12) << 47 | random.nextInt(3);
  }

  private void add(long hash) {
    Pair added = new Pair(hash, ++lastLocation);
    index.add(added.hash(), added.location());
    entries.add(added);
  }

  private void change(Random random) {
    if (random.nextInt(3) == 0 || entries.isEmpty()) {
      add(randomHash(random));
      return;
    }
    int at = random.nextInt(entries.size());
    Pair former = entries.get(at);
    if (random.nextBoolean()) {
      assertThat(index.remove(former.hash(), former.location())).isTrue();
      entries.remove(at);
    } else {
      Pair moved = new Pair(former.hash(), ++lastLocation);
      assertThat(index.replace(former.hash(), former.location(), moved.location())).isTrue();
      entries.set(at, moved);
    }
  }

  /** Reads all of a copy, with so many changes before and after each shard is taken. */
  private List<Pair> readAll(IndexCopy copy, Random random, int changes) {
    List<Pair> found = new ArrayList<>();
    while (copy.take()) {
      for (int i = 0; i < changes; i++) {
        change(random);
      }
      found.addAll(read(copy));
      for (int i = 0; i < changes; i++) {
        change(random);
      }
    }
    assertThat(found).extracting(Pair::hash).isSortedAccordingTo(Long::compareUnsigned);
    return sorted(found);
  }

  private static List<Pair> read(IndexCopy copy) {
    long[] pairs = copy.entries();
    List<Pair> found = new ArrayList<>();
    for (int i = 0; i < copy.count(); i++) {
      found.add(new Pair(pairs[2 * i], pairs[2 * i + 1]));
    }
    return found;
  }

  private static List<Pair> sorted(List<Pair> pairs) {
    return pairs.stream().sorted(IN_ORDER).toList();
  }
}
