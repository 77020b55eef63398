package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.Tried;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Conditional writes of several threads have the outcomes that they would have one after the other.
 * Lincheck runs each of many short scenarios many times, each time with keys of its own.
 */
class ConditionalWriteLincheckTest {

  private static final int SCENARIOS = 5;
  private static final int SCENARIOS_OF_THOROUGH_RUN =
      40 * Integer.getInteger("minikv.test.scale", 1);
  private static final int RUNS = 300;

  /** Lincheck makes the objects that use it. */
  private static KeyValueStore store;

  private static final AtomicLong runs = new AtomicLong();

  @BeforeAll
  static void open() {
    store = Stores.openWithThreads(new SimulatedDisk(), Durability.ALWAYS);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Tag("brief")
  @Test
  void conditional_writes_of_several_threads_have_an_order() {
    checkOrder(SCENARIOS);
  }

  @Tag("thorough")
  @Test
  void in_many_scenarios_conditional_writes_of_several_threads_have_an_order() {
    checkOrder(SCENARIOS_OF_THOROUGH_RUN);
  }

  private static void checkOrder(int scenarios) {
    check(scenarios, Operations.class);
    new Tried("Lincheck")
        .count("scenarios of conditional writes", scenarios)
        .count("runs of conditional writes", (long) scenarios * RUNS);
  }

  @Test
  void a_condition_that_is_checked_before_the_write_is_found() {
    assertThatThrownBy(() -> check(SCENARIOS_OF_THOROUGH_RUN, CheckedBefore.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  private static void check(int scenarios, Class<?> operations) {
    new StressOptions()
        .iterations(scenarios)
        .invocationsPerIteration(RUNS)
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(2)
        .minimizeFailedScenario(false)
        .sequentialSpecification(OfMap.class)
        .check(operations);
  }

  /** What is promised. */
  public static final class OfMap {

    private final Map<Integer, Integer> map = new TreeMap<>();

    public int get(int key) {
      return map.getOrDefault(key, 0);
    }

    public String getAll() {
      return map.toString();
    }

    public boolean putIfAbsent(int key, int value) {
      return map.putIfAbsent(key, value) == null;
    }

    public boolean replace(int key, int expected, int value) {
      return map.replace(key, expected, value);
    }

    public boolean deleteIfPresent(int key) {
      return map.remove(key) != null;
    }

    public boolean putAllIfAbsent(int value) {
      if (map.isEmpty()) {
        Operations.KEYS.forEach(key -> map.put(key, value));
        return true;
      }
      return false;
    }
  }

  /** The same with a store. Each object has keys of its own. */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class Operations {

    static final List<Integer> KEYS = List.of(1, 2);

    private final long run = runs.incrementAndGet();

    Key key(int key) {
      return Key.of(run + "/" + key);
    }

    private static int number(Entry entry) {
      return Integer.parseInt(entry.value().utf8());
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      return store.get(key(key)).map(Operations::number).orElse(0);
    }

    /** All values, as of one moment. */
    @Operation
    public String getAll() {
      Map<Key, Entry> found = store.getAll(KEYS.stream().map(this::key).toList());
      Map<Integer, Integer> values = new TreeMap<>();
      for (int key : KEYS) {
        if (found.containsKey(key(key))) {
          values.put(key, number(found.get(key(key))));
        }
      }
      return values.toString();
    }

    @Operation
    public boolean putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
      return write(put(key, value).onlyIf(Condition.absent()));
    }

    /** Puts a value in place of another one. */
    @Operation
    public boolean replace(
        @Param(name = "key") int key,
        @Param(name = "value") int expected,
        @Param(name = "value") int value) {
      while (true) {
        Optional<Entry> found = store.get(key(key));
        if (found.isEmpty() || number(found.get()) != expected) {
          return false;
        }
        if (write(put(key, value).onlyIf(Condition.versionIs(found.get().version())))) {
          return true;
        }
      }
    }

    @Operation
    public boolean deleteIfPresent(@Param(name = "key") int key) {
      return write(Mutation.Delete.of(key(key)).onlyIf(Condition.present()));
    }

    /** All of them in one batch, or none. */
    @Operation
    public boolean putAllIfAbsent(@Param(name = "value") int value) {
      return succeeds(() ->
          store.write(
              new WriteBatch(
                  KEYS.stream()
                      .<Mutation>map(key -> put(key, value).onlyIf(Condition.absent()))
                      .toList())));
    }

    Mutation.Put put(int key, int value) {
      return Mutation.Put.of(key(key), Value.of(Integer.toString(value)));
    }

    boolean write(Mutation mutation) {
      return succeeds(() -> store.write(mutation));
    }

    private static boolean succeeds(Runnable write) {
      try {
        write.run();
        return true;
      } catch (ConditionFailedException e) {
        return false;
      }
    }
  }

  /** A mistake: another thread may write in between. */
  public static final class CheckedBefore extends Operations {

    @Override
    boolean write(Mutation mutation) {
      boolean holds = mutation.condition().isMetBy(store.get(mutation.key()).map(Entry::version));
      return holds
          && super.write(
              switch (mutation) {
                case Mutation.Put put -> put.onlyIf(Condition.always());
                case Mutation.Delete delete -> delete.onlyIf(Condition.always());
              });
    }
  }
}
