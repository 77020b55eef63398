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
import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.filter.FilterSizing;
import io.minikv.engine.index.KeyHasher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rates of false positives, and what a filter in front of the index is worth. */
@Command(name = "filters", description = "Rates of false positives; misses and hits with a filter.")
final class FilterBenchmark implements Callable<Integer> {

  private static final int ROUNDS = 5;

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--sizes",
      description = "Numbers of keys.",
      split = ",",
      defaultValue = "1000,1000000,10000000")
  private int[] sizes = {};

  @Option(names = "--rate", description = "The rate that is set.", defaultValue = "0.01")
  private double rate;

  @Override
  public Integer call() throws IOException {
    Table rates = new Table("keys", "set rate", "measured rate", "ratio", "bits a key");
    for (int size : sizes) {
      addRate(rates, size);
    }
    rates.print();
    frontFilter().print();
    return 0;
  }

  private void addRate(Table table, int size) {
    Filter filter = new Filter(size);
    SplittableRandom random = new SplittableRandom(size);
    for (int i = 0; i < size; i++) {
      filter.add(random.nextLong());
    }
    int probes = 10_000_000;
    int positives = 0;
    for (int i = 0; i < probes; i++) {
      positives += filter.mayContain(random.nextLong()) ? 1 : 0;
    }
    double measured = (double) positives / probes;
    table.row(
        "%,d".formatted(size),
        "%.4f".formatted(rate),
        "%.5f".formatted(measured),
        Figures.ratio(measured, rate),
        Figures.number(filter.bits.length * 8.0 / size));
  }

  /** Hits and misses of a store as it is, and with a filter that is asked first. */
  private Table frontFilter() throws IOException {
    EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.OS);
    Workload workload = scale.workload();
    KeyHasher hasher = new KeyHasher(1);
    Filter filter = new Filter(scale.keys);
    try (Scratch scratch = new Scratch(scale.directory);
        SegmentedStore store = SegmentedStore.open(scratch.directory("store"), options)) {
      for (int i = 0; i < scale.keys; i++) {
        Key key = Key.copyOf(workload.key(i));
        store.put(key, Value.wrap(workload.value(i, 0)));
        filter.add(hasher.hash(key));
      }
      Predicate<Key> index = key -> store.get(key).isPresent();
      Predicate<Key> filtered =
          key -> filter.mayContain(hasher.hash(key)) && store.get(key).isPresent();
      Table table = new Table("keys", "operation", "index alone", "filter in front", "ratio");
      for (boolean hits : new boolean[] {true, false}) {
        IntFunction<Key> keys = i -> Key.copyOf(workload.key(hits ? i : (long) scale.keys + i));
        double alone = perSecond(index, keys, hits);
        double behind = perSecond(filtered, keys, hits);
        table.row(
            "%,d".formatted(scale.keys),
            hits ? "hit" : "miss",
            Figures.rate(alone),
            Figures.rate(behind),
            Figures.ratio(behind, alone));
      }
      return table;
    }
  }

  private double perSecond(Predicate<Key> lookup, IntFunction<Key> keys, boolean present) {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(round);
      long start = System.nanoTime();
      for (int i = 0; i < scale.keys; i++) {
        if (lookup.test(keys.apply(random.nextInt(scale.keys))) != present) {
          throw new IllegalStateException("A store gave a wrong answer.");
        }
      }
      rates.add(scale.keys * 1e9 / (System.nanoTime() - start));
    }
    return Figures.median(rates.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** A filter in memory for so many keys. */
  private final class Filter {

    private final FilterShape shape;
    private final byte[] bits;

    Filter(int keys) {
      shape = new FilterSizing(rate).shapeFor(keys);
      bits = new byte[shape.length()];
    }

    void add(long hash) {
      shape.add(bits, hash);
    }

    boolean mayContain(long hash) {
      return shape.mayContain(bits, shape.block(hash) * FilterShape.BLOCK_LENGTH, hash);
    }
  }
}
