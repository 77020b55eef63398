package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.Hiccups;
import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Table;
import io.minikv.benchmarks.kit.ThreadTimes;
import io.minikv.benchmarks.kit.ThreadTimes.Spent;
import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import io.minikv.engine.index.Index;
import io.minikv.engine.index.ShardedIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.ToLongFunction;
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

  /** The system is asked what the thread did after so many operations, and after each slow one. */
  private static final int OPERATIONS_AT_ONCE = 128;

  /** What takes so long is slow. */
  private static final long SLOW_NANOS = 1_000_000;

  /** So many of them are told one by one. */
  private static final int SLOWEST = 5;

  private static final long FRAME_BYTES = 160;

  /** Numbers that are computed in about as long as a put takes. */
  private static final int COMPUTED = 300;

  @Mixin private Scale scale = new Scale();

  /**
   * A slow operation. Its parts are too long by what up to 127 operations before it took.
   *
   * @param nanos how long it took
   * @param spent on what, since the system was asked before
   */
  private record Slow(long nanos, Spent spent) {

    long processorNanos() {
      return Math.min(nanos, spent.processorNanos());
    }

    long asleepNanos() {
      return Math.min(nanos, spent.asleepNanos());
    }

    /** What is left for itself when others had the processors, or garbage was collected. */
    long ownNanos() {
      return Math.min(nanos, processorNanos() + asleepNanos());
    }

    void addTo(Table table, String operation) {
      table.row(
          operation,
          Figures.millis((double) nanos),
          Figures.millis((double) processorNanos()),
          Figures.millis((double) asleepNanos()),
          Figures.millis((double) spent.readyNanos()),
          Figures.millis((double) spent.collectedNanos()));
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
            "on a processor",
            "asleep",
            "99.999 %",
            "99.99 %",
            "99.9 %",
            "median",
            "longest collection",
            "worst pause of an idle thread");
    Table slowest =
        new Table(
            "the slowest ones",
            "took",
            "on a processor",
            "asleep",
            "others had the processors",
            "collections");
    try (Scratch scratch = new Scratch(scale.directory)) {
      try (SegmentedStore warmUp = SegmentedStore.open(scratch.directory("warm-up"), options)) {
        measure(Math.min(scale.keys, WARM_UP_KEYS), putInto(warmUp));
      }
      try (SegmentedStore store = SegmentedStore.open(scratch.directory("store"), options)) {
        measure(scale.keys, putInto(store)).addTo(table, slowest, "put into a store");
      }
    }
    measure(scale.keys, addTo(new ShardedIndex()))
        .addTo(table, slowest, "adding to the index alone");
    measure(scale.keys, GrowthBenchmark::compute).addTo(table, slowest, "computing alone");
    table.print();
    slowest.print();
    return 0;
  }

  private IntConsumer putInto(SegmentedStore store) {
    Workload workload = scale.workload();
    return i -> store.put(Key.copyOf(workload.key(i)), Value.wrap(workload.value(i, 0)));
  }

  private static IntConsumer addTo(Index index) {
    return i -> index.add(Workload.mix(i), (i + 1) * FRAME_BYTES);
  }

  /** What a thread with no store goes through that does not sleep. */
  private static void compute(int number) {
    long mixed = number + 1L; // Zero stays zero.
    for (int i = 0; i < COMPUTED; i++) {
      mixed = Workload.mix(mixed);
    }
    if (mixed == 0) { // Else the compiler would see that nobody wants it.
      throw new IllegalStateException("other numbers became zero, too");
    }
  }

  private static Measured measure(int count, IntConsumer operation) throws IOException {
    int[] nanos = new int[count];
    List<Slow> slow = new ArrayList<>();
    try (Hiccups hiccups = Hiccups.start();
        ThreadTimes times = ThreadTimes.ofThisThread()) {
      Spent before = times.now();
      int asked = 0;
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        operation.accept(i);
        nanos[i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
        boolean isSlow = nanos[i] >= SLOW_NANOS;
        if (isSlow || i - asked == OPERATIONS_AT_ONCE - 1) {
          Spent now = times.now();
          if (isSlow) {
            slow.add(new Slow(nanos[i], now.since(before)));
          }
          before = now;
          asked = i;
        }
      }
      return new Measured(nanos, slow, hiccups.worstNanos());
    }
  }

  /** The times of many operations, in nanoseconds. */
  private static final class Measured {

    private final int[] nanos;
    private final List<Slow> slow;
    private final long worstHiccup;

    Measured(int[] nanos, List<Slow> slow, long worstHiccup) {
      this.nanos = nanos;
      this.slow = slow;
      this.worstHiccup = worstHiccup;
    }

    void addTo(Table table, Table slowest, String operation) {
      int[] sorted = nanos.clone();
      Arrays.sort(sorted);
      table.row(
          "%s, %,d times".formatted(operation, sorted.length),
          Figures.millis(sorted[sorted.length - 1]),
          worst(Slow::ownNanos),
          worst(Slow::processorNanos),
          worst(Slow::asleepNanos),
          part(sorted, 0.99999),
          part(sorted, 0.9999),
          part(sorted, 0.999),
          part(sorted, 0.5),
          worst(each -> each.spent().collectedNanos()),
          Figures.millis((double) worstHiccup));
      slow.stream()
          .sorted(Comparator.comparingLong(Slow::nanos).reversed())
          .limit(SLOWEST)
          .forEach(each -> each.addTo(slowest, operation));
    }

    private String worst(ToLongFunction<Slow> part) {
      return Figures.millis((double) slow.stream().mapToLong(part).max().orElse(0));
    }

    private static String part(int[] sorted, double part) {
      return Figures.millis(sorted[(int) (sorted.length * part)]);
    }
  }
}
