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
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long single puts take while the index grows. */
@Command(name = "growth", description = "The worst puts while the index grows.")
final class GrowthBenchmark implements Callable<Integer> {

  /** So many puts into another store come before, so that classes are loaded and compiled. */
  private static final int WARM_UP_KEYS = 300_000;

  @Mixin private Scale scale = new Scale();

  @Override
  public Integer call() throws IOException {
    EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
    try (Scratch scratch = new Scratch(scale.directory)) {
      try (SegmentedStore warmUp = SegmentedStore.open(scratch.directory("warm-up"), options)) {
        put(warmUp, Math.min(scale.keys, WARM_UP_KEYS));
      }
      try (SegmentedStore store = SegmentedStore.open(scratch.directory("store"), options)) {
        print(store);
      }
    }
    return 0;
  }

  private void print(SegmentedStore store) {
    long collectedBefore = collectionMillis();
    int[] nanos = put(store, scale.keys);
    int worstAt = 0;
    for (int i = 1; i < nanos.length; i++) {
      worstAt = nanos[i] > nanos[worstAt] ? i : worstAt;
    }
    long collected = collectionMillis() - collectedBefore;
    Arrays.sort(nanos);
    Table table = new Table("keys", "worst put", "at key", "99.99 %", "median", "collections");
    table.row(
        "%,d".formatted(nanos.length),
        Figures.millis(nanos[nanos.length - 1]),
        "%,d".formatted(worstAt),
        Figures.millis(nanos[(int) (nanos.length * 0.9999)]),
        Figures.millis(nanos[nanos.length / 2]),
        collected + " ms in all");
    table.print();
  }

  /** The time of each put in nanoseconds. */
  private int[] put(SegmentedStore store, int keys) {
    Workload workload = scale.workload();
    int[] nanos = new int[keys];
    for (int i = 0; i < nanos.length; i++) {
      Key key = Key.copyOf(workload.key(i));
      Value value = Value.wrap(workload.value(i, 0));
      long start = System.nanoTime();
      store.put(key, value);
      nanos[i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
    }
    return nanos;
  }

  private static long collectionMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
