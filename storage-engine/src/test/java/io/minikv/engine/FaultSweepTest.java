package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.engine.crash.FaultReport;
import io.minikv.engine.crash.FaultSweep;
import io.minikv.engine.io.DiskFault;
import io.minikv.testkit.Tried;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever operation of the disk fails, the store loses nothing, says so, and goes on. */
class FaultSweepTest {

  private static final long SEED = 11;
  private static final int OPERATIONS = 24;
  private static final int STATES_PER_RUN = 4;

  @ParameterizedTest
  @CsvSource({
    "IO_ERROR,ALWAYS,true",
    "IO_ERROR_HALF_DONE,ALWAYS,true",
    "IO_ERROR_ALL_DONE,ALWAYS,true",
    "IO_ERROR,OS,false",
    "IO_ERROR_HALF_DONE,OS,false",
    "IO_ERROR_ALL_DONE,OS,false"
  })
  void a_failing_disk_costs_nothing_that_was_acknowledged(
      DiskFault.Kind kind, Durability durability, boolean mapped) {
    sweep(kind, new CrashScenario(SEED, durability, mapped), false);
  }

  @ParameterizedTest
  @CsvSource({
    "DISK_FULL,ALWAYS,true",
    "DISK_FULL_SHORT_WRITE,ALWAYS,true",
    "DISK_FULL,OS,false",
    "DISK_FULL_SHORT_WRITE,OS,false"
  })
  void a_full_disk_refuses_writes_until_there_is_space(
      DiskFault.Kind kind, Durability durability, boolean mapped) {
    sweep(kind, new CrashScenario(SEED, durability, mapped), true);
  }

  private static void sweep(DiskFault.Kind kind, CrashScenario scenario, boolean staysWritable) {
    FaultReport report =
        new FaultSweep(SEED, STATES_PER_RUN, List.of(kind))
            .sweep(
                scenario::disk,
                History.EMPTY,
                new Traffic(scenario.options(), SEED, OPERATIONS, staysWritable),
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
