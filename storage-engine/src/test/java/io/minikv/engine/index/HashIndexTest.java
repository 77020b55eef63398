package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HashIndexTest {

  private static final long SEED = 7;
  private static final int STABLE_KEYS = 500;

  private final HashIndex index = new HashIndex();

  @Test
  void random_changes_leave_what_a_map_holds() throws IOException {
    Random random = new Random(SEED);
    Map<Long, Long> model = new HashMap<>();
    for (int step = 0; step < 200_000; step++) {
      // Few hashes, so that some begin at the same slot.
      long hash = random.nextInt(20_000) * 0x1_0000_0400L;
      long location = 1L + random.nextInt(Integer.MAX_VALUE);
      Long former = model.get(hash);
      if (former == null) {
        assertThat(index.remove(hash, location)).isFalse();
        index.add(hash, location);
        model.put(hash, location);
      } else if (random.nextBoolean()) {
        assertThat(index.replace(hash, former, location)).isTrue();
        model.put(hash, location);
      } else {
        assertThat(index.remove(hash, former)).isTrue();
        model.remove(hash);
      }
      assertThat(index.size()).isEqualTo(model.size());
    }
    assertHolds(model);
  }

  private void assertHolds(Map<Long, Long> model) throws IOException {
    for (long i = 0; i < 20_000; i++) {
      long hash = i * 0x1_0000_0400L;
      assertThat(index.find(hash, location -> true))
          .as("seed %d, hash %d", SEED, hash)
          .isEqualTo(model.getOrDefault(hash, Index.NONE));
    }
    assertThat(index.locations()).containsExactlyInAnyOrder(longs(model.values()));
  }

  private static long[] longs(Collection<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
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

  @Test
  void removed_entries_do_not_make_the_table_grow_without_bound() {
    for (long i = 1; i <= 2_000_000; i++) {
      index.add(i, i);
      assertThat(index.remove(i, i)).isTrue();
    }
    assertThat(index.size()).isZero();
    assertThat(index.locations()).isEmpty();
  }

  @Test
  void readers_never_miss_a_stable_key_while_others_come_and_go() throws InterruptedException {
    for (long key = 1; key <= STABLE_KEYS; key++) {
      index.add(hash(key), key);
    }
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<String> misses = new ConcurrentLinkedQueue<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(Thread.ofPlatform().start(() -> readUntil(stop, misses)));
    }

    churnAndGrow();
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(misses).isEmpty();
  }

  private void readUntil(AtomicBoolean stop, ConcurrentLinkedQueue<String> misses) {
    try {
      while (!stop.get()) {
        for (long key = 1; key <= STABLE_KEYS; key++) {
          long expected = key;
          // The writer moves the stable ones too: up by whole millions.
          long found = index.find(hash(key), location -> location % 1_000_000 == expected);
          if (found % 1_000_000 != key) {
            misses.add("key " + key + " at " + found);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      misses.add(e.toString());
    }
  }

  private void churnAndGrow() {
    Random random = new Random(SEED);
    Map<Long, Long> moved = new HashMap<>();
    for (long i = 1; i <= 300_000; i++) {
      long churned = 500_000 + i % 400_000;
      index.add(hash(churned), churned);
      if (i % 3 != 0) {
        index.remove(hash(churned), churned);
      }
      long stable = 1L + random.nextInt(STABLE_KEYS);
      long from = moved.getOrDefault(stable, stable);
      assertThat(index.replace(hash(stable), from, from + 1_000_000)).isTrue();
      moved.put(stable, from + 1_000_000);
    }
  }

  private static long hash(long key) {
    return key * 0x9E3779B97F4A7C15L;
  }
}
