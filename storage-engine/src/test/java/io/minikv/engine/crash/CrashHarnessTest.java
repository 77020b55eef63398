package io.minikv.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.minikv.engine.crash.LogStore.Mistake;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness finds nothing in a store that is right, and every mistake in one that is not. */
class CrashHarnessTest {

  private static final long SEED = 1;
  private static final int APPENDS = 12;
  private static final Set<Mistake> NONE = EnumSet.noneOf(Mistake.class);

  /** The number of the last write that returned, and of the last one begun. */
  private record History(long acknowledged, long begun) {}

  private static final History BEFORE = new History(0, 0);

  @Test
  void a_right_store_passes_the_crashes() {
    CrashReport report = explore(new CrashExplorer(SEED, 100), NONE);
    assertThat(report.checked()).isGreaterThan(50);
    assertThat(report.moments()).isGreaterThan(APPENDS * 2L);
    assertThat(report.checkedByKind()).hasSizeGreaterThan(5);
    assertThat(report.operations())
        .containsKeys(OperationType.RENAME, OperationType.FORCE, OperationType.FORCE_DIRECTORY);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE_RETRIED")
  void a_crash_finds_the_mistake(Mistake mistake) {
    assertThatThrownBy(() -> explore(new CrashExplorer(SEED, 100), EnumSet.of(mistake)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed 1");
  }

  @Test
  void a_failure_can_be_replayed_as_the_only_state() {
    Set<Mistake> mistakes = EnumSet.of(Mistake.NO_FORCE);
    CrashExplorer explorer = new CrashExplorer(SEED, 100).inThisThread();
    AssertionError failure =
        catchThrowableOfType(AssertionError.class, () -> explore(explorer, mistakes));
    Matcher location = Pattern.compile("only\\(\"([^\"]+)\"\\)").matcher(failure.getMessage());
    assertThat(location.find()).isTrue();
    assertThatThrownBy(() -> explore(explorer.only(location.group(1)), mistakes))
        .isInstanceOf(AssertionError.class)
        .hasMessage(failure.getMessage());
    assertThat(explore(explorer.only(location.group(1)), NONE).checked()).isLessThanOrEqualTo(1);
  }

  @Test
  void the_same_seed_gives_the_same_states() {
    CrashReport first = explore(new CrashExplorer(SEED, 50).inThisThread(), NONE);
    assertThat(explore(new CrashExplorer(SEED, 50).inThisThread(), NONE)).isEqualTo(first);
    assertThat(first.plus(first).checked()).isEqualTo(2 * first.checked());
  }

  @Test
  void recovery_can_be_crashed_too() {
    AtomicInteger second = new AtomicInteger();
    new CrashExplorer(SEED, 20)
        .explore(
            new SimulatedDisk(),
            BEFORE,
            (disk, history) -> work(disk, history, NONE),
            crash ->
                new CrashExplorer(SEED, 5)
                    .inThisThread()
                    .explore(
                        crash.disk(),
                        crash.history(),
                        (disk, history) -> LogStore.open(disk, NONE).close(),
                        again -> {
                          second.incrementAndGet();
                          check(again, NONE);
                        }));
    assertThat(second.get()).isGreaterThan(50);
  }

  @Test
  void a_right_store_passes_the_faults() {
    FaultReport report = sweep(NONE);
    assertThat(report.runs()).isGreaterThan(200);
    assertThat(report.checked()).isGreaterThan(report.runs());
    assertThat(report.runsByKind()).hasSize(5);
  }

  @Test
  void a_fault_finds_a_force_that_is_retried() {
    assertThatThrownBy(() -> sweep(EnumSet.of(Mistake.FORCE_RETRIED)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("IO_ERROR");
  }

  private static CrashReport explore(CrashExplorer explorer, Set<Mistake> mistakes) {
    return explorer.explore(
        new SimulatedDisk(),
        BEFORE,
        (disk, history) -> work(disk, history, mistakes),
        crash -> check(crash, mistakes));
  }

  private static FaultReport sweep(Set<Mistake> mistakes) {
    return new FaultSweep(SEED, 10)
        .sweep(
            SimulatedDisk::new,
            BEFORE,
            (disk, history) -> work(disk, history, mistakes),
            crash -> check(crash, mistakes));
  }

  private static void work(
      SimulatedDisk disk, Consumer<? super History> history, Set<Mistake> mistakes)
      throws IOException {
    try (LogStore store = LogStore.open(disk, mistakes)) {
      for (long number = 1; number <= APPENDS; number++) {
        history.accept(new History(number - 1, number));
        store.append(number);
        history.accept(new History(number, number));
        if (number % 5 == 0) {
          store.compact();
        }
      }
    }
  }

  /**
   * What is there are numbers without a gap, up to the last acknowledged one or the one in flight.
   */
  private static void check(Crash<History> crash, Set<Mistake> mistakes) throws IOException {
    try (LogStore store = LogStore.open(crash.disk(), mistakes)) {
      List<Long> numbers = store.numbers();
      long last = numbers.isEmpty() ? 0 : numbers.getLast();
      assertThat(last).isBetween(crash.history().acknowledged(), crash.history().begun());
      for (int i = 1; i < numbers.size(); i++) {
        assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
      }
    }
  }
}
