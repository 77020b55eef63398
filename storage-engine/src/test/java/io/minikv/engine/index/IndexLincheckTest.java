package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.testkit.Tried;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever looks up beside changes finds what a map with a lock would give. Lincheck chooses short
 * scenarios; it runs them many times, or goes through the ways in which their threads may
 * alternate.
 */
class IndexLincheckTest {

  private static final int SCENARIOS = 2;
  private static final int SCENARIOS_OF_THOROUGH_RUN =
      20 * Integer.getInteger("minikv.test.scale", 1);
  private static final int RUNS = 500;

  @Tag("brief")
  @Test
  void lookups_beside_changes_find_what_a_map_would_give() {
    stress(SCENARIOS);
  }

  @Tag("thorough")
  @Test
  void in_many_scenarios_lookups_beside_changes_find_what_a_map_would_give() {
    stress(SCENARIOS_OF_THOROUGH_RUN);
  }

  private static void stress(int scenarios) {
    check(
        new StressOptions().threads(3).actorsPerThread(4),
        scenarios,
        OfShardedIndex.class,
        "stress runs");
  }

  @Tag("brief")
  @Test
  void however_threads_alternate_lookups_find_what_a_map_would_give() {
    goThroughOrders(SCENARIOS);
  }

  @Tag("thorough")
  @Test
  void in_many_scenarios_however_threads_alternate_lookups_find_what_a_map_would_give() {
    goThroughOrders(SCENARIOS_OF_THOROUGH_RUN);
  }

  private static void goThroughOrders(int scenarios) {
    check(
        new ModelCheckingOptions().threads(2).actorsPerThread(3),
        scenarios,
        OfShard.class,
        "runs of the model checker");
  }

  @Test
  void an_index_that_moves_entries_towards_its_start_is_found() {
    assertThatThrownBy(() ->
            check(
                new ModelCheckingOptions().threads(2).actorsPerThread(3),
                SCENARIOS_OF_THOROUGH_RUN,
                OfShiftingTable.class,
                "never"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  private static void check(
      Options<?, ?> options, int scenarios, Class<?> operations, String what) {
    options
        .iterations(scenarios)
        .invocationsPerIteration(RUNS)
        .actorsBefore(2)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .sequentialSpecification(OfMap.class)
        .check(operations);
    new Tried("Lincheck")
        .count("scenarios of the index", scenarios)
        .count("of the index: " + what + ", up to", (long) scenarios * RUNS);
  }

  /** What is promised. */
  public static final class OfMap {

    private final Map<Integer, Integer> map = new HashMap<>();

    public OfMap() {
      for (int key = 1; key <= IndexOperations.FIRST_KEYS; key++) {
        map.put(key, key);
      }
    }

    public long get(int key) {
      return map.getOrDefault(key, 0);
    }

    public long put(int key, int number) {
      Integer former = map.put(key, number);
      return former == null ? 0 : former;
    }

    public long move(int key, int number) {
      return map.containsKey(key) ? put(key, number) : 0;
    }

    public long delete(int key) {
      Integer former = map.remove(key);
      return former == null ? 0 : former;
    }
  }

  /** The index of a store. */
  public static final class OfShardedIndex extends IndexOperations {

    public OfShardedIndex() {
      super(new WholeIndex(new ShardedIndex()));
    }

    private record WholeIndex(ShardedIndex index) implements Table {

      @Override
      public long find(long hash, Index.Matcher matcher) throws IOException {
        return index.find(hash, matcher);
      }

      @Override
      public void add(long hash, long location) {
        index.add(hash, location);
      }

      @Override
      public boolean replace(long hash, long from, long to) {
        return index.replace(hash, from, to);
      }

      @Override
      public boolean remove(long hash, long location) {
        return index.remove(hash, location);
      }
    }
  }

  /** One part of it, in which all the keys stand. */
  public static final class OfShard extends IndexOperations {

    public OfShard() {
      super(new OneShard(new Shard(new TableSpace(1), 0)));
    }

    private record OneShard(Shard shard) implements Table {

      @Override
      public long find(long hash, Index.Matcher matcher) throws IOException {
        return shard.table().find(hash, matcher);
      }

      @Override
      public void add(long hash, long location) {
        shard.add(hash, location);
      }

      @Override
      public boolean replace(long hash, long from, long to) {
        return shard.replace(hash, from, to);
      }

      @Override
      public boolean remove(long hash, long location) {
        return shard.remove(hash, location);
      }
    }
  }

  /** A mistake: what is behind a removed entry is moved up, and a reader on its way misses it. */
  public static final class OfShiftingTable extends IndexOperations {

    public OfShiftingTable() {
      super(new ShiftingTable());
    }

    private static final class ShiftingTable implements Table {

      /** Hash and location of each of 16 slots in turn. */
      private final long[] slots = new long[2 * 16];

      @Override
      public long find(long hash, Index.Matcher matcher) throws IOException {
        for (int at = 0; slots[at + 1] != Index.NONE; at += 2) {
          if (slots[at] == hash && matcher.matches(slots[at + 1])) {
            return slots[at + 1];
          }
        }
        return Index.NONE;
      }

      private int slotOf(long location) {
        int at = 0;
        while (slots[at + 1] != location) {
          at += 2;
        }
        return at;
      }

      @Override
      public void add(long hash, long location) {
        int at = slotOf(Index.NONE);
        slots[at] = hash;
        slots[at + 1] = location;
      }

      @Override
      public boolean replace(long hash, long from, long to) {
        slots[slotOf(from) + 1] = to;
        return true;
      }

      @Override
      public boolean remove(long hash, long location) {
        for (int at = slotOf(location); slots[at + 1] != Index.NONE; at += 2) {
          slots[at] = slots[at + 2];
          slots[at + 1] = slots[at + 3];
        }
        return true;
      }
    }
  }
}
