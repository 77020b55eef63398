package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Child;
import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Table;
import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.RecoveryReport;
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

/** How long a store takes to open, each time in a process of its own. */
@Command(
    name = "opening",
    description = "The time of opening after a close and a kill, and without a snapshot.")
final class OpeningBenchmark implements Callable<Integer> {

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--tail-bytes",
      description = "How much is written between the last snapshot and the kill.",
      defaultValue = "67108864")
  private long tailBytes;

  @Override
  public Integer call() throws IOException {
    Table table = new Table("keys", "opened", "time", "records read");
    try (Scratch scratch = new Scratch(scale.directory)) {
      Path store = scratch.directory("store");
      run(store, Action.LOAD, scale.keys);
      row(table, "after a clean close", run(store, Action.OPEN, 0));
      int tail = (int) (tailBytes / (scale.workload().entryBytes() + 36));
      run(store, Action.WRITE_AND_HALT, tail);
      row(
          table,
          "after a kill, %s behind the snapshot".formatted(Figures.mebibytes((double) tailBytes)),
          run(store, Action.OPEN, 0));
      Scratch.remove(store, "INDEX-*");
      row(table, "without a snapshot, from key files", run(store, Action.OPEN_AND_HALT, 0));
      Scratch.remove(store, "INDEX-*");
      Scratch.remove(store, "*.keys");
      row(table, "without both, from the logs", run(store, Action.OPEN, 0));
    }
    table.print();
    return 0;
  }

  private void row(Table table, String what, Child.Figures figures) {
    table.row(
        "%,.0f".formatted(figures.get("keys")),
        what,
        Figures.millis(figures.get("nanos")),
        "%,.0f".formatted(figures.get("records")));
  }

  private Child.Figures run(Path store, Action action, int writes) throws IOException {
    return Child.run(
        List.of(),
        List.of(
            "opening-step",
            store.toString(),
            action.name(),
            "--keys=" + writes,
            "--key-bytes=" + scale.keyBytes,
            "--value-bytes=" + scale.valueBytes));
  }

  /** What a process does. */
  enum Action {
    LOAD,
    OPEN,
    OPEN_AND_HALT,
    WRITE_AND_HALT
  }

  /** One process; it has opened another store before, so that its classes are loaded. */
  @Command(name = "opening-step", hidden = true)
  static final class Step implements Callable<Integer> {

    @Parameters(index = "0")
    private Path directory = Path.of("");

    @Parameters(index = "1")
    private Action action = Action.OPEN;

    @Mixin private Scale scale = new Scale();

    @Override
    public Integer call() throws IOException {
      EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
      loadClasses(options);
      long start = System.nanoTime();
      try (SegmentedStore store = SegmentedStore.open(directory, options)) {
        Child.tell("nanos", (double) (System.nanoTime() - start));
        RecoveryReport recovery = store.statistics().recovery();
        Child.tell("keys", (double) recovery.keys());
        Child.tell("records", (double) recovery.records());
        recovery.findings().forEach(System.err::println);
        Workload workload = scale.workload();
        for (int i = 0; i < scale.keys; i++) {
          store.put(Key.copyOf(workload.key(i)), Value.wrap(workload.value(i, 1)));
        }
        if (action == Action.WRITE_AND_HALT || action == Action.OPEN_AND_HALT) {
          Runtime.getRuntime().halt(Child.KILLED);
        }
      }
      return 0;
    }

    private void loadClasses(EngineOptions options) throws IOException {
      try (Scratch scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")))) {
        Path other = scratch.directory("other");
        for (int i = 0; i < 2; i++) {
          try (SegmentedStore store = SegmentedStore.open(other, options)) {
            store.put(Key.of("key"), Value.of("value"));
          }
        }
      }
    }
  }
}
