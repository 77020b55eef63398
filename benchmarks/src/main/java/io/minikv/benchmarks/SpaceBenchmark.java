package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Figures;
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
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much disk a store takes while all of it is overwritten again and again. */
@Command(
    name = "space",
    description = "The most disk space while a store is overwritten, beside its live data.")
final class SpaceBenchmark implements Callable<Integer> {

  private static final int WRITES_BETWEEN_LOOKS = 10_000;

  @Mixin private Scale scale = new Scale();

  @Option(names = "--times", description = "How often it is overwritten.", defaultValue = "20")
  private int times;

  @Override
  public Integer call() throws IOException {
    EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
    Table table =
        new Table("overwritten", "live data", "most on disk", "2 x live + 2 segments", "ratio");
    try (Scratch scratch = new Scratch(scale.directory)) {
      Path directory = scratch.directory("store");
      try (SegmentedStore store = SegmentedStore.open(directory, options)) {
        long most = overwrite(store, directory);
        long live = store.statistics().liveBytes();
        long bound = 2 * live + 2 * options.segmentBytes();
        table.row(
            times + " times",
            Figures.mebibytes((double) live),
            Figures.mebibytes((double) most),
            Figures.mebibytes((double) bound),
            Figures.ratio((double) most, (double) bound));
      }
    }
    table.print();
    return 0;
  }

  /** Overwrites random keys; returns the most space that all files took. */
  private long overwrite(SegmentedStore store, Path directory) throws IOException {
    Workload workload = scale.workload();
    for (int i = 0; i < scale.keys; i++) {
      store.put(Key.copyOf(workload.key(i)), Value.wrap(workload.value(i, 0)));
    }
    SplittableRandom random = new SplittableRandom(1);
    long most = 0;
    for (long i = 0; i < (long) times * scale.keys; i++) {
      int key = random.nextInt(scale.keys);
      store.put(Key.copyOf(workload.key(key)), Value.wrap(workload.value(key, 1)));
      if (i % WRITES_BETWEEN_LOOKS == 0) {
        most = Math.max(most, Scratch.bytes(directory));
      }
    }
    return most;
  }
}
