package io.minikv.benchmarks;

import io.minikv.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Short scans with values, from random keys on, in turns with LMDB. */
@Command(name = "scans", description = "Short scans with values, in turns with LMDB.")
final class ScanBenchmark implements Callable<Integer> {

  @Mixin private Scale scale = new Scale();

  @Option(names = "--length", description = "Entries a scan.", defaultValue = "100")
  private int length;

  @Option(names = "--rounds", description = "Rounds of each store.", defaultValue = "7")
  private int rounds;

  @Option(names = "--seconds", description = "The length of a round.", defaultValue = "3")
  private double seconds;

  @Override
  public Integer call() throws IOException {
    try (Scratch scratch = new Scratch(scale.directory);
        Peer minikv = Peer.Kind.MINIKV.open(scratch.directory("minikv"));
        Peer lmdb = Peer.Kind.LMDB.open(scratch.directory("lmdb"))) {
      List<Peer> peers = List.of(minikv, lmdb);
      for (Peer peer : peers) {
        load(peer);
        scansPerSecond(peer, -1);
      }
      double[][] rates = new double[peers.size()][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < peers.size(); i++) {
          rates[i][round] = scansPerSecond(peers.get(i), round);
        }
      }
      print(Figures.median(rates[0]), Figures.median(rates[1]));
    }
    return 0;
  }

  private void load(Peer peer) {
    Workload workload = scale.workload();
    for (int i = 0; i < scale.keys; i++) {
      peer.put(workload.key(i), workload.value(i, 0));
    }
  }

  private double scansPerSecond(Peer peer, int round) {
    Workload workload = scale.workload();
    SplittableRandom random = new SplittableRandom(round);
    long enough = 0;
    long scans = 0;
    long start = System.nanoTime();
    long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    while (System.nanoTime() < end) {
      enough += peer.scan(workload.key(random.nextInt(scale.keys)), length);
      scans++;
    }
    double taken = (double) (System.nanoTime() - start);
    if (enough <= scans * workload.entryBytes()) {
      throw new IllegalStateException("The scans found next to nothing.");
    }
    return scans * 1e9 / taken;
  }

  private void print(double minikv, double lmdb) {
    Table table = new Table("store", "scans/s, median", "ratio to LMDB");
    table.row("MINIKV", Figures.rate(minikv), Figures.ratio(minikv, lmdb));
    table.row("LMDB", Figures.rate(lmdb), Figures.ratio(lmdb, lmdb));
    table.print();
  }
}
