package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Collections;
import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.Hiccups;
import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Table;
import io.minikv.benchmarks.kit.Waits;
import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import io.minikv.engine.index.Index;
import io.minikv.engine.index.ShardedIndex;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * How long single puts take while the store and its index grow, and what the slow ones waited for:
 * a processor that another thread had, a collection of garbage, or the store.
 */
@Command(name = "growth", description = "The worst puts while the index grows, and why.")
final class GrowthBenchmark implements Callable<Integer> {

  /** So many puts into another store come before, so that classes are loaded and compiled. */
  private static final int WARM_UP_KEYS = 1_000_000;

  /** The system is asked before and after so many operations what they waited for. */
  private static final int OPERATIONS_AT_ONCE = 128;

  private static final long FRAME_BYTES = 160;
  private static final long NANOS_PER_MILLI = 1_000_000;

  @Mixin private Scale scale = new Scale();

  /**
   * What the system and the JVM have counted.
   *
   * @param waitNanos how long this thread was ready to run but had no processor
   * @param collectedMillis how long collections of garbage stopped all threads
   */
  private record Blame(long waitNanos, long collectedMillis) {

    static Blame now(Waits waits, Collections collections) throws IOException {
      return new Blame(waits.nanos(), collections.millis());
    }

    long millisSince(Blame before) {
      return collectedMillis - before.collectedMillis;
    }

    /** How much of the time of an operation since then is left for itself. */
    long ownNanos(long nanos, Blame before) {
      long others = waitNanos - before.waitNanos + millisSince(before) * NANOS_PER_MILLI;
      return Math.max(0, nanos - others);
    }
  }

  @Override
  public Integer call() throws IOException {
    EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
    Table table =
        new Table(
            "operation",
            "worst",
            "worst, own part",
            "99.999 %",
            "99.99 %",
            "99.9 %",
            "median",
            "longest collection",
            "worst pause of an idle thread");
    try (Scratch scratch = new Scratch(scale.directory)) {
      try (SegmentedStore warmUp = SegmentedStore.open(scratch.directory("warm-up"), options)) {
        measure(Math.min(scale.keys, WARM_UP_KEYS), putInto(warmUp));
      }
      try (SegmentedStore store = SegmentedStore.open(scratch.directory("store"), options)) {
        measure(scale.keys, putInto(store)).addTo(table, "put into a store");
      }
    }
    measure(scale.keys, addTo(new ShardedIndex())).addTo(table, "adding to the index alone");
    table.print();
    return 0;
  }

  private IntConsumer putInto(SegmentedStore store) {
    Workload workload = scale.workload();
    return i -> store.put(Key.copyOf(workload.key(i)), Value.wrap(workload.value(i, 0)));
  }

  private static IntConsumer addTo(Index index) {
    return i -> index.add(Workload.mix(i), (i + 1) * FRAME_BYTES);
  }

  private static Measured measure(int count, IntConsumer operation) throws IOException {
    int[] nanos = new int[count];
    Collections collections = new Collections();
    long worstOwn = 0;
    long longestCollection = 0;
    try (Hiccups hiccups = Hiccups.start();
        Waits waits = Waits.ofThisThread()) {
      Blame before = Blame.now(waits, collections);
      for (int from = 0; from < count; from += OPERATIONS_AT_ONCE) {
        int worst = measure(from, Math.min(count, from + OPERATIONS_AT_ONCE), operation, nanos);
        Blame now = Blame.now(waits, collections);
        worstOwn = Math.max(worstOwn, now.ownNanos(nanos[worst], before));
        longestCollection = Math.max(longestCollection, now.millisSince(before));
        before = now;
      }
      return new Measured(nanos, worstOwn, longestCollection, hiccups.worstNanos());
    }
  }

  /** Takes the times of some operations; returns the number of the slowest one. */
  private static int measure(int from, int to, IntConsumer operation, int[] nanos) {
    int worst = from;
    for (int i = from; i < to; i++) {
      long start = System.nanoTime();
      operation.accept(i);
      nanos[i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
      worst = nanos[i] > nanos[worst] ? i : worst;
    }
    return worst;
  }

  /** The times of many operations, in nanoseconds. */
  private static final class Measured {

    private final int[] nanos;
    private final long worstOwn;
    private final long longestCollection;
    private final long worstHiccup;

    Measured(int[] nanos, long worstOwn, long longestCollection, long worstHiccup) {
      this.nanos = nanos;
      this.worstOwn = worstOwn;
      this.longestCollection = longestCollection;
      this.worstHiccup = worstHiccup;
    }

    void addTo(Table table, String operation) {
      int[] sorted = nanos.clone();
      Arrays.sort(sorted);
      table.row(
          "%s, %,d times".formatted(operation, sorted.length),
          Figures.millis(sorted[sorted.length - 1]),
          Figures.millis((double) worstOwn),
          part(sorted, 0.99999),
          part(sorted, 0.9999),
          part(sorted, 0.999),
          part(sorted, 0.5),
          longestCollection + " ms",
          Figures.millis((double) worstHiccup));
    }

    private static String part(int[] sorted, double part) {
      return Figures.millis(sorted[(int) (sorted.length * part)]);
    }
  }
}
