package io.minikv.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rates of false positives, and what a filter in front of the index is worth. */
@Command(name = "filters", description = "Rates of false positives; misses and hits with a filter.")
final class FilterBenchmark implements Callable<Integer> {

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--sizes",
      description = "Numbers of keys.",
      split = ",",
      defaultValue = "1000,1000000,10000000")
  private int[] sizes = {};

  @Override
  public Integer call() {
    new Table("keys", "set", "measured").print();
    return sizes.length > 0 && scale.keys > 0 ? 0 : 1;
  }
}
