package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.crash.CrashReport;
import io.minikv.engine.io.OperationType;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After a power cut at any moment the store is what it promised.
 *
 * <p>A run prints its seed; it is run again with {@code -Dminikv.test.seed=...}.
 */
class CrashRecoveryTest {

  private static final int STATES_PER_MOMENT = 8;
  private static final int OPERATIONS = 60;

  static Stream<CrashScenario> scenarios() {
    return CrashScenario.all(seed());
  }

  private static long seed() {
    Long replayed = Long.getLong("minikv.test.seed");
    return replayed != null ? replayed : RandomGenerator.getDefault().nextInt();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void a_power_cut_leaves_what_was_promised(CrashScenario scenario) {
    CrashReport report = scenario.explore(OPERATIONS, STATES_PER_MOMENT);
    assertThat(report.operations())
        .containsKeys(
            OperationType.CREATE,
            OperationType.RENAME,
            OperationType.FORCE,
            OperationType.FORCE_DIRECTORY,
            OperationType.TRUNCATE);
  }
}
