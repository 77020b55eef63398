package io.minikv.benchmarks;

import io.minikv.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Single operations by one thread, without a force for each write, one store after the other. */
@Command(
    name = "operations",
    description = "Load, hit, miss and overwrite by one thread, beside other stores.")
final class OperationBenchmark implements Callable<Integer> {

  @Mixin private Scale scale = new Scale();

  @Option(
      names = "--stores",
      description = "Which ones.",
      split = ",",
      defaultValue = "minikv,rocksdb,lmdb")
  private Peer.Kind[] stores = {};

  @Override
  public Integer call() throws IOException {
    List<double[]> rates = new ArrayList<>();
    for (Peer.Kind kind : stores) {
      try (Scratch scratch = new Scratch(scale.directory);
          Peer peer = kind.open(scratch.directory(kind.name()))) {
        rates.add(measure(peer));
      }
    }
    Table table = new Table("store", "load", "hit", "miss", "overwrite", "ratios to the last");
    double[] reference = rates.getLast();
    for (int store = 0; store < stores.length; store++) {
      double[] figures = rates.get(store);
      List<String> cells = new ArrayList<>(List.of(stores[store].name()));
      StringBuilder ratios = new StringBuilder();
      for (int i = 0; i < figures.length; i++) {
        cells.add(Figures.rate(figures[i]));
        ratios.append(Figures.ratio(figures[i], reference[i])).append(' ');
      }
      cells.add(ratios.toString().trim());
      table.row(cells.toArray(String[]::new));
    }
    table.print();
    return 0;
  }

  private double[] measure(Peer peer) {
    Workload workload = scale.workload();
    int keys = scale.keys;
    SplittableRandom random = new SplittableRandom(1);
    double load = perSecond(keys, i -> peer.put(workload.key(i), workload.value(i, 0)));
    IntConsumer hit = i -> require(peer.get(workload.key(random.nextInt(keys))) != null);
    IntConsumer miss =
        i -> require(peer.get(workload.key((long) keys + random.nextInt(keys))) == null);
    perSecond(keys, hit);
    perSecond(keys, miss);
    double hits = perSecond(keys, hit);
    double misses = perSecond(keys, miss);
    double overwrites =
        perSecond(
            keys,
            i -> {
              int key = random.nextInt(keys);
              peer.put(workload.key(key), workload.value(key, 1));
            });
    return new double[] {load, hits, misses, overwrites};
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("A store gave a wrong answer.");
    }
  }

  private static double perSecond(int times, IntConsumer operation) {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      operation.accept(i);
    }
    return times * 1e9 / (System.nanoTime() - start);
  }
}
