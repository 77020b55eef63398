package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index as a whole holds what a map would, in little memory. */
@Timeout(60)
class ShardedIndexTest {

  private static final long SEED = 7;
  private static final int KEYS = 20_000;
  private static final int MANY_ENTRIES = 2_000_000;

  /** Locations are those of their keys, plus multiples of this. */
  private static final long KEY_BITS = 1L << 20;

  private final ShardedIndex index = new ShardedIndex();

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void very_many_random_changes_leave_what_a_map_holds(Hashes hashes) throws IOException {
    changeAtRandom(hashes, 200_000);
  }

  @Tag("lengthy")
  @Tag("brief")
  @ParameterizedTest
  @EnumSource
  void random_changes_leave_what_a_map_holds(Hashes hashes) throws IOException {
    changeAtRandom(hashes, 40_000);
  }

  @ParameterizedTest
  @EnumSource
  void few_random_changes_leave_what_a_map_holds(Hashes hashes) throws IOException {
    changeAtRandom(hashes, 4_000);
  }

  private void changeAtRandom(Hashes hashes, int steps) throws IOException {
    Random random = new Random(SEED);
    Map<Long, Long> model = new HashMap<>();
    // First it grows, then it shrinks.
    for (int step = 0; step < steps; step++) {
      long key = 1L + random.nextInt(KEYS);
      long hash = hashes.hash(key);
      Long former = model.get(key);
      if (former == null) {
        long location = key + KEY_BITS * random.nextInt(1000);
        assertThat(index.remove(hash, location)).isFalse();
        if (random.nextInt(steps) > step) {
          index.add(hash, location);
          model.put(key, location);
        }
      } else if (random.nextBoolean()) {
        long location = key + KEY_BITS * random.nextInt(1000);
        assertThat(index.replace(hash, former, location)).isTrue();
        model.put(key, location);
      } else {
        assertThat(index.remove(hash, former)).isTrue();
        model.remove(key);
      }
      if (step % (steps / 4) == 0) {
        assertHolds(hashes, model);
      }
    }
    assertHolds(hashes, model);
    model.forEach((key, location) -> assertThat(index.remove(hashes.hash(key), location)).isTrue());
    assertHolds(hashes, Map.of());
  }

  /** How keys get their hashes. */
  private enum Hashes {
    SPREAD {
      @Override
      long hash(long key) {
        return key * 0x9E3779B97F4A7C15L;
      }
    },
    /** Sixteen keys share each hash. */
    SHARED {
      @Override
      long hash(long key) {
        return (key / 16) * 0x9E3779B97F4A7C15L;
      }
    },
    /** All lie in one shard, and most begin at few slots. */
    CROWDED {
      @Override
      long hash(long key) {
        return (key % 8) << 40 | key / 4;
      }
    },
    /** Those whose complements are small, zero among them: that of free slots. */
    GREATEST {
      @Override
      long hash(long key) {
        return -1 - key / 4;
      }
    };

    abstract long hash(long key);
  }

  private void assertHolds(Hashes hashes, Map<Long, Long> model) throws IOException {
    assertThat(index.size()).isEqualTo(model.size());
    for (long key = 1; key <= KEYS; key++) {
      long wanted = key;
      long expected = model.getOrDefault(key, Index.NONE);
      assertThat(index.find(hashes.hash(key), location -> location % KEY_BITS == wanted))
          .as("%s, seed %d, key %d", hashes, SEED, key)
          .isEqualTo(expected);
      assertThat(index.contains(hashes.hash(key), expected)).isEqualTo(expected != Index.NONE);
      assertThat(expected == Index.NONE || index.containsAny(hashes.hash(key))).isTrue();
    }
    long[] locations = index.locations();
    Arrays.sort(locations);
    assertThat(locations)
        .isEqualTo(model.values().stream().mapToLong(Long::longValue).sorted().toArray());
  }

  @Tag("lengthy")
  @Test
  void an_entry_takes_at_most_24_bytes_whenever_there_are_a_million() {
    double most = 0;
    for (long key = 1; key <= MANY_ENTRIES; key++) {
      index.add(hash(key), key);
      if (key % 20_000 == 0 && key >= MANY_ENTRIES / 2) {
        most = Math.max(most, (double) index.memoryBytes() / key);
      }
    }
    double grown = (double) index.memoryBytes() / MANY_ENTRIES;
    for (long key = 1; key <= MANY_ENTRIES; key++) {
      index.replace(hash(key), key, key + MANY_ENTRIES);
    }
    double overwritten = (double) index.memoryBytes() / MANY_ENTRIES;
    IO.println(
        "%,d entries: %.1f bytes each, %.1f at most while growing, %.1f when all were overwritten"
            .formatted(MANY_ENTRIES, grown, most, overwritten));
    assertThat(most).isLessThan(24);
    assertThat(overwritten).isEqualTo(grown);
  }

  @Test
  void an_empty_index_takes_little() {
    assertThat(index.memoryBytes()).isBetween(4096L * 40, 165_000L);
  }

  @Test
  void the_first_entry_takes_a_slab_of_32_KiB_and_a_table() {
    long empty = index.memoryBytes();
    index.add(1, 1);
    assertThat(index.memoryBytes()).isEqualTo(empty + (32 << 10) + 32);
  }

  @Test
  void an_index_that_grew_and_shrank_takes_no_more_than_its_entries_need() {
    int many = 200_000;
    double most = 0;
    for (long key = 1; key <= many; key++) {
      index.add(hash(key), key);
      if (key % 10_000 == 0 && key >= many / 2) {
        most = Math.max(most, (double) index.memoryBytes() / key);
      }
    }
    assertThat(most).isBetween(16.0, 29.0);
    for (long key = 1; key <= many - 1000; key++) {
      index.remove(hash(key), key);
    }
    assertThat(index.memoryBytes()).isBetween(280_000L, 1_500_000L);
  }

  @Test
  void a_hash_belongs_to_the_shard_of_its_upper_bits() {
    assertThat(index.shardOf(0)).isZero();
    assertThat(index.shardOf(-1)).isEqualTo(index.shards() - 1);
    assertThat(index.shardOf(Long.MIN_VALUE)).isEqualTo(index.shards() / 2);
  }

  @Test
  void hashes_are_touched_between_two_places_of_an_array() {
    long[] hashes = {1, 2L << 52, 3L << 52, 4L << 52};
    for (long hash : hashes) {
      index.add(hash, 1);
    }

    index.touch(hashes, 1, 3);
    long sum = ~hashes[1] + ~hashes[2];
    assertThat(index).hasToString("4 entries, checksum of touched slots " + sum);
    index.touch(hashes, 0, 1);

    sum += ~hashes[0];
    assertThat(index).hasToString("4 entries, checksum of touched slots " + sum);
  }

  @Tag("lengthy")
  @Test
  void memory_comes_back_when_entries_go() {
    for (long key = 1; key <= 1_000_000; key++) {
      index.add(hash(key), key);
    }
    for (long key = 1; key <= 990_000; key++) {
      index.remove(hash(key), key);
    }
    assertThat(index.memoryBytes()).isLessThan(2_000_000);
  }

  @Test
  void entries_of_the_same_hash_are_told_apart_by_the_matcher() throws IOException {
    for (long location = 1; location <= 50; location++) {
      index.add(42, location);
    }

    for (long location = 1; location <= 50; location++) {
      long wanted = location;
      assertThat(index.find(42, candidate -> candidate == wanted)).isEqualTo(wanted);
    }
    List<Long> asked = new ArrayList<>();
    assertThat(index.find(42, candidate -> !asked.add(candidate))).isEqualTo(Index.NONE);
    assertThat(asked).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void a_change_from_a_location_that_another_one_took_is_refused() throws IOException {
    index.add(1, 10);

    assertThat(index.replace(1, 11, 12)).isFalse();
    assertThat(index.replace(2, 10, 12)).isFalse();
    assertThat(index.remove(1, 11)).isFalse();
    assertThat(index.find(1, location -> true)).isEqualTo(10);
  }

  @Tag("lengthy")
  @Test
  void removed_entries_do_not_make_the_table_grow_without_bound() {
    for (long i = 1; i <= 2_000_000; i++) {
      index.add(i, i);
      assertThat(index.remove(i, i)).isTrue();
    }
    assertThat(index.size()).isZero();
    assertThat(index.locations()).isEmpty();
  }

  @Tag("lengthy")
  @Test
  void readers_never_miss_a_stable_key_while_others_come_and_go() throws InterruptedException {
    assertThat(new IndexRace(SEED).run()).isEmpty();
  }

  private static long hash(long key) {
    return key * 0x9E3779B97F4A7C15L;
  }
}
