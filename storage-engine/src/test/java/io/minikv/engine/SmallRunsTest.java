package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.engine.crash.CrashExplorer;
import io.minikv.engine.crash.CrashReport;
import io.minikv.engine.crash.FaultReport;
import io.minikv.engine.crash.FaultSweep;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A little of each of the long tests, always the same and in a fraction of a second: for mutation
 * testing, which has to run them for every mutant.
 */
class SmallRunsTest {

  private static final long SEED = 20_250_101;
  private static final int SEQUENCES = 16;
  private static final int STEPS = 200;
  private static final int OPERATIONS_WITH_POWER_CUTS = 8;
  private static final int STATES_PER_MOMENT = 1;
  private static final int OPERATIONS_WITH_FAULTS = 3;
  private static final int BITS_PER_FILE = 13;
  private static final int LENGTHS_PER_FILE = 5;

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + SEQUENCES);
  }

  static Stream<CrashScenario> scenarios() {
    return CrashScenario.all(SEED).filter(scenario -> scenario.durability() != Durability.INTERVAL);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_store_answers_as_a_sorted_map_does(long seed) {
    ModelSequence.random(seed, STEPS).run(ModelSequenceTest::whatAPowerCutLeaves);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void power_cuts_leave_what_was_promised(CrashScenario scenario) {
    CrashOracle oracle = new CrashOracle(scenario.options());

    CrashReport report =
        new CrashExplorer(SEED, STATES_PER_MOMENT)
            .explore(
                scenario.disk(),
                History.EMPTY,
                new Traffic(scenario.options(), SEED, OPERATIONS_WITH_POWER_CUTS),
                oracle);

    assertThat(report.checked()).isGreaterThan(10);
  }

  @ParameterizedTest
  @EnumSource(names = "DISK_FULL_SHORT_WRITE")
  void a_full_disk_refuses_writes_until_there_is_space(DiskFault.Kind kind) {
    CrashScenario scenario = scenarios().findFirst().orElseThrow();

    FaultReport report =
        new FaultSweep(SEED, 1, List.of(kind))
            .sweep(
                scenario::disk,
                History.EMPTY,
                new Traffic(scenario.options(), SEED, OPERATIONS_WITH_FAULTS, true),
                CrashOracle.afterFaults(scenario.options()));

    assertThat(report.runs()).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource
  void damage_never_changes_what_is_read(DamageScenario.Ending ending) {
    DamageScenario scenario = new DamageScenario(ending);
    DiskImage image = scenario.image();
    for (String name : image.names()) {
      byte[] bytes = image.bytes(name);
      sample(bytes.length * Byte.SIZE, BITS_PER_FILE)
          .forEach(bit -> scenario.checkFlipped(name, bit));
      sample(bytes.length, LENGTHS_PER_FILE).forEach(length -> scenario.checkCut(name, length));
    }
  }

  /** So many numbers below the end, evenly spread. */
  private static IntStream sample(int end, int count) {
    int stride = Math.max(1, end / count);
    return IntStream.iterate(0, number -> number < end, number -> number + stride);
  }
}
