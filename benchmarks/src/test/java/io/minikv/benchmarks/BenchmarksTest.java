package io.minikv.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every program runs through on a small store and prints its table; its figures mean nothing here.
 */
class BenchmarksTest {

  @TempDir private Path directory;

  @Tag("brief")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --stores=minikv,lmdb --phases=load,hit --rounds=1 --seconds=0.05",
        "memory --lengths=16"
      })
  void prints_figures_of_some_of_its_work(String command) {
    run(command);
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare --stores=minikv,lmdb --rounds=1 --seconds=0.05 --durable-seconds=0.1",
        "memory --lengths=16,40"
      })
  void prints_figures_of_all_of_its_work(String command) {
    run(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "growth",
        "opening --tail-bytes=20000",
        "space --times=2",
        "filters --sizes=1000",
        "soak --minutes=0.02"
      })
  void prints_its_figures(String command) {
    run(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compare", "filters", "growth", "memory", "opening", "soak", "space"})
  void lists_its_options(String command) {
    assertThat(printed(List.of(command, "--help")))
        .startsWith("Usage: minikv-benchmarks " + command)
        .contains("--keys=");
  }

  private void run(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.add("--keys=2000");
    arguments.add("--directory=" + directory);

    assertThat(printed(arguments)).contains("| --").doesNotContain("NaN");
  }

  private static String printed(List<String> arguments) {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(Benchmarks.run(arguments.toArray(String[]::new))).isZero();
    } finally {
      System.setOut(console);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }
}
