package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.engine.crash.FaultReport;
import io.minikv.engine.crash.FaultSweep;
import io.minikv.engine.io.DiskFault;
import io.minikv.testkit.Tried;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever operation of the disk fails, the store loses nothing, says so, and goes on. */
class FaultSweepTest {

  private static final long SEED = 11;
  private static final int OPERATIONS = 10;
  private static final int OPERATIONS_OF_THOROUGH_RUN = 24;
  private static final int STATES_PER_RUN = 4;

  static Stream<Arguments> failures() {
    return onStores(
        DiskFault.Kind.IO_ERROR,
        DiskFault.Kind.IO_ERROR_HALF_DONE,
        DiskFault.Kind.IO_ERROR_ALL_DONE);
  }

  static Stream<Arguments> fullDisks() {
    return onStores(DiskFault.Kind.DISK_FULL, DiskFault.Kind.DISK_FULL_SHORT_WRITE);
  }

  /** On the store that forces and maps what it writes, and on the one that does neither. */
  private static Stream<Arguments> onStores(DiskFault.Kind... kinds) {
    return Stream.of(
            new CrashScenario(SEED, Durability.ALWAYS, true),
            new CrashScenario(SEED, Durability.OS, false))
        .flatMap(scenario -> Stream.of(kinds).map(kind -> Arguments.of(kind, scenario)));
  }

  @Tag("brief")
  @ParameterizedTest
  @MethodSource("failures")
  void a_failing_disk_costs_nothing_that_was_acknowledged(
      DiskFault.Kind kind, CrashScenario scenario) {
    sweep(kind, scenario, OPERATIONS, false);
  }

  @Tag("thorough")
  @ParameterizedTest
  @MethodSource("failures")
  void a_disk_that_fails_anywhere_in_long_traffic_costs_nothing_that_was_acknowledged(
      DiskFault.Kind kind, CrashScenario scenario) {
    sweep(kind, scenario, OPERATIONS_OF_THOROUGH_RUN, false);
  }

  @Tag("brief")
  @ParameterizedTest
  @MethodSource("fullDisks")
  void a_full_disk_refuses_writes_until_there_is_space(
      DiskFault.Kind kind, CrashScenario scenario) {
    sweep(kind, scenario, OPERATIONS, true);
  }

  @Tag("thorough")
  @ParameterizedTest
  @MethodSource("fullDisks")
  void a_disk_that_is_full_anywhere_in_long_traffic_refuses_writes_until_there_is_space(
      DiskFault.Kind kind, CrashScenario scenario) {
    sweep(kind, scenario, OPERATIONS_OF_THOROUGH_RUN, true);
  }

  private static void sweep(
      DiskFault.Kind kind, CrashScenario scenario, int operations, boolean staysWritable) {
    FaultReport report =
        new FaultSweep(SEED, STATES_PER_RUN, List.of(kind))
            .sweep(
                scenario::disk,
                History.EMPTY,
                new Traffic(scenario.options(), SEED, operations, staysWritable),
                CrashOracle.afterFaults(scenario.options()));
    IO.println(kind + " " + scenario + ": " + report);
    assertThat(report.runs()).isPositive();
    new Tried("Failing disk")
        .count("operations that failed", report.runs())
        .count("states after it", report.checked())
        .note("kinds", kind.name())
        .seed(SEED);
  }
}
