package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Table;
import io.minikv.domain.Durability;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.CompactionOptions;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a store that is used for long holds more and more of anything. */
@Command(
    name = "soak",
    description = {
      "A store under mixed load for long: what the process holds before, meanwhile and afterwards.",
      "What is read is checked. After the first rows no column may grow without an end."
    })
final class Soak implements Callable<Integer> {

  private static final int ROWS = 10;

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--minutes",
      description = "How long (default: ${DEFAULT-VALUE}).",
      defaultValue = "15")
  private double minutes;

  private final Table table =
      new Table(
          "moment",
          "heap",
          "resident",
          "of that not files",
          "descriptors",
          "mappings",
          "threads",
          "on disk",
          "operations");

  @Override
  public Integer call() throws IOException, InterruptedException {
    EngineOptions options =
        EngineOptions.DEFAULT
            .withDurability(Durability.INTERVAL)
            .withSegmentBytes(8L << 20)
            .withSnapshotBytes(32L << 20)
            .withCompaction(CompactionOptions.DEFAULT.withInterval(Duration.ofSeconds(1)));
    try (Scratch scratch = new Scratch(scale.directory)) {
      Path directory = scratch.directory("store");
      row("before", directory, 0);
      try (SegmentedStore store = SegmentedStore.open(directory, options)) {
        run(new SoakLoad(store, scale.workload(), scale.keys), directory);
        store.compact(ProgressListener.NONE);
        row("compacted", directory, 0);
      }
      row("closed", directory, 0);
    }
    table.print();
    return 0;
  }

  private void run(SoakLoad load, Path directory) throws IOException, InterruptedException {
    load.fill();
    row("filled", directory, 0);
    Duration pause = Duration.ofMillis((long) (minutes * 60_000 / ROWS));
    load.start();
    try {
      for (int i = 1; i <= ROWS; i++) {
        load.awaitFailure(pause);
        row(
            String.format(Locale.ROOT, "%.1f min", i * minutes / ROWS),
            directory,
            load.operations());
      }
    } finally {
      load.stop();
    }
    row("load ended", directory, load.operations());
  }

  private void row(String moment, Path directory, long operations) throws IOException {
    ProcessSample sample = ProcessSample.now();
    table.row(
        moment,
        Figures.mebibytes((double) sample.heapBytes()),
        Figures.mebibytes((double) sample.residentBytes()),
        Figures.mebibytes((double) sample.ownBytes()),
        Long.toString(sample.descriptors()),
        Long.toString(sample.mappings()),
        Long.toString(sample.threads()),
        Figures.mebibytes((double) Scratch.bytes(directory)),
        String.format(Locale.ROOT, "%,d", operations));
  }
}
