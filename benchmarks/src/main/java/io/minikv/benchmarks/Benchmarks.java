package io.minikv.benchmarks;

import io.minikv.benchmarks.compare.Compare;
import io.minikv.benchmarks.compare.StoreStep;
import io.minikv.benchmarks.http.BareServer;
import io.minikv.benchmarks.micro.Micro;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The programs, one command each. */
@Command(
    name = "minikv-benchmarks",
    description = "Measures MiniKV, beside other stores where that says more.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BareServer.class,
      Compare.class,
      StoreStep.class,
      FilterBenchmark.class,
      GrowthBenchmark.class,
      MemoryBenchmark.class,
      MemoryBenchmark.Step.class,
      OpeningBenchmark.class,
      OpeningBenchmark.Step.class,
      Micro.class,
      Soak.class,
      SpaceBenchmark.class
    })
public final class Benchmarks {

  private Benchmarks() {}

  /** Runs one; the status is 0 when it printed its figures. */
  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Benchmarks())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }
}
