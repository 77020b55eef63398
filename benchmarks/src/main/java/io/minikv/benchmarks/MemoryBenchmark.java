package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Child;
import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.ProcessMemory;
import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Table;
import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * How much memory a key takes: the anonymous memory of a process with a full store, less that of
 * one with an empty store that has done some work before.
 */
@Command(name = "memory", description = "Bytes of memory a key, at several key lengths.")
final class MemoryBenchmark implements Callable<Integer> {

  /**
   * A small heap at first, a small young generation, and heap given back soon, so that garbage does
   * not blur the figure.
   */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmn8m",
          "-XX:MinHeapFreeRatio=0",
          "-XX:MaxHeapFreeRatio=1");

  /**
   * So many puts and overwrites of another store come before, also in the process with the empty
   * one: code that the JVM compiles meanwhile is not a matter of keys.
   */
  private static final int WARM_UP_KEYS = 300_000;

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--lengths",
      description = "The lengths of keys.",
      split = ",",
      defaultValue = "16,1000")
  private int[] lengths = {};

  @Override
  public Integer call() throws IOException {
    Table table = new Table("keys", "key bytes", "loaded", "all overwritten", "reopened");
    double empty = step(0, lengths[0]).get("loaded");
    for (int length : lengths) {
      Child.Figures full = step(scale.keys, length);
      table.row(
          "%,d".formatted(scale.keys),
          Integer.toString(length),
          Figures.number((full.get("loaded") - empty) / scale.keys) + " B/key",
          Figures.number((full.get("overwritten") - empty) / scale.keys) + " B/key",
          Figures.number((full.get("reopened") - empty) / scale.keys) + " B/key");
    }
    table.print();
    return 0;
  }

  private Child.Figures step(int keys, int keyBytes) throws IOException {
    try (Scratch scratch = new Scratch(scale.directory)) {
      Path store = scratch.directory("store");
      return Child.run(
          FLAGS,
          List.of(
              "memory-step",
              store.toString(),
              "--keys=" + keys,
              "--key-bytes=" + keyBytes,
              "--value-bytes=" + scale.valueBytes));
    }
  }

  /** One store in a process of its own. */
  @Command(name = "memory-step", hidden = true)
  static final class Step implements Callable<Integer> {

    @Parameters private Path store = Path.of("");
    @Mixin private Scale scale = new Scale();

    @Override
    public Integer call() throws IOException {
      EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
      try (SegmentedStore other = SegmentedStore.open(store.resolveSibling("warm-up"), options)) {
        put(other, WARM_UP_KEYS, 0);
        put(other, WARM_UP_KEYS, 1);
      }
      try (SegmentedStore full = SegmentedStore.open(store, options)) {
        put(full, scale.keys, 0);
        Child.tell("loaded", ProcessMemory.idleAnonymousBytes());
        put(full, scale.keys, 1);
        Child.tell("overwritten", ProcessMemory.idleAnonymousBytes());
      }
      try (SegmentedStore full = SegmentedStore.open(store, options)) {
        Child.tell("reopened", ProcessMemory.idleAnonymousBytes());
        if (full.statistics().keys() != scale.keys) {
          throw new IllegalStateException("The store lost keys.");
        }
      }
      return 0;
    }

    private void put(SegmentedStore full, int keys, int round) {
      Workload workload = scale.workload();
      for (int i = 0; i < keys; i++) {
        full.put(Key.copyOf(workload.key(i)), Value.wrap(workload.value(i, round)));
      }
    }
  }
}
