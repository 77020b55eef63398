package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.crash.CrashReport;
import io.minikv.engine.io.OperationType;
import io.minikv.testkit.Tried;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After a power cut at any moment the store is what it promised.
 *
 * <p>A run prints its seed; {@code -Dminikv.test.seed=...} tries other states. The system property
 * {@code minikv.test.scale} multiplies the states.
 */
class CrashRecoveryTest {

  private static final int SCENARIOS = 6;
  private static final int STATES = 7_200;
  private static final int STATES_OF_THOROUGH_RUN = 204_000;

  /** Few, so that a short run comes to more traffic. */
  private static final int STATES_PER_MOMENT = 4;

  private static final int STATES_PER_MOMENT_OF_THOROUGH_RUN = 20;

  /** Every run tries the same states, so that a commit is judged by what it changed. */
  private static final long SEED = 20_250_101;

  static Stream<CrashScenario> scenarios() {
    return CrashScenario.all(Long.getLong("minikv.test.seed", SEED));
  }

  @Tag("brief")
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void a_power_cut_leaves_what_was_promised(CrashScenario scenario) {
    explore(scenario, STATES_PER_MOMENT, STATES / SCENARIOS);
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void very_many_power_cuts_leave_what_was_promised(CrashScenario scenario) {
    explore(scenario, STATES_PER_MOMENT_OF_THOROUGH_RUN, STATES_OF_THOROUGH_RUN / SCENARIOS);
  }

  private static void explore(CrashScenario first, int statesPerMoment, int states) {
    long wanted = (long) states * Integer.getInteger("minikv.test.scale", 1);
    CrashScenario scenario = first;
    CrashOracle oracle = new CrashOracle(scenario.options());
    CrashReport report = scenario.explore(statesPerMoment, oracle);
    while (report.checked() < wanted) {
      scenario = scenario.next();
      report = report.plus(scenario.explore(statesPerMoment, oracle));
    }
    IO.println(
        "%s: %d states after power cuts at %d moments, and %d after another during recovery"
            .formatted(first, report.checked(), report.moments(), oracle.secondCrashes()));
    SnapshotProof snapshots = oracle.snapshots();
    IO.println(first + ": " + snapshots);
    assertThat(snapshots.used()).as("states opened with an index snapshot").isPositive();
    assertThat(snapshots.fromKeyFiles()).as("states opened from key files").isPositive();
    assertThat(snapshots.unfinished()).as("states with an unfinished snapshot").isPositive();
    assertThat(snapshots.replaced()).as("states with two snapshots").isPositive();
    assertThat(snapshots.outlived()).as("snapshots older than a compaction").isPositive();
    assertThat(report.operations())
        .containsKeys(
            OperationType.CREATE,
            OperationType.RENAME,
            OperationType.DELETE,
            OperationType.FORCE,
            OperationType.FORCE_DIRECTORY);
    if (first.mappedStores()) { // Only there is space allocated ahead, to be given back.
      assertThat(report.operations()).containsKey(OperationType.TRUNCATE);
    }
    new Tried("Simulated power cuts")
        .count("states", report.checked())
        .count("states after a second crash, during recovery", oracle.secondCrashes())
        .count("moments", report.moments())
        .seed(first.seed());
  }
}
