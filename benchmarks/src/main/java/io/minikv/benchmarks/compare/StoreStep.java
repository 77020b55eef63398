package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Child;
import io.minikv.benchmarks.kit.ProcessMemory;
import io.minikv.benchmarks.peer.Peer;
import io.minikv.benchmarks.peer.PeerKind;
import io.minikv.benchmarks.peer.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjDoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A step of a comparison: one process with one store. */
@Command(name = "compare-step", hidden = true)
public final class StoreStep implements Callable<Integer> {

  static final String BYTES_BEFORE = "bytes_before";
  static final String SECONDS = "seconds";
  static final String LOST = "lost";
  static final String ACKNOWLEDGED = "acknowledged";

  private static final int[] DURABLE_THREADS = {1, 16, 64};
  private static final int MOST_THREADS = 64;
  private static final int DURABLE_KEYS = 100_000;
  private static final double DURABLE_WARM_UP_SHARE = 0.4;
  private static final int MOST_CHECKS = 100_000;
  private static final int WARM_UP_ROUNDS = 2;
  private static final double WARM_UP_SECONDS = 0.5;
  private static final long MOST_SECONDS_UNTIL_KILL = 60;

  @Parameters(index = "0")
  private PeerKind store = PeerKind.MINIKV;

  @Parameters(index = "1")
  private Action action = Action.WORK;

  @Parameters(index = "2", description = "Where the store and one to warm up with are.")
  private Path root = Path.of("");

  @Mixin private Plan plan = new Plan();

  /** What a process does. */
  enum Action {
    WORK,
    REOPEN,
    BE_KILLED,
    RECOVER,
    DURABLE
  }

  @Override
  public Integer call() throws IOException {
    switch (action) {
      case WORK -> work();
      case REOPEN, RECOVER -> open();
      case BE_KILLED -> writeUntilKilled();
      case DURABLE -> putDurably();
    }
    return 0;
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private void work() throws IOException {
    int keys = plan.scale.keys;
    int warmUpKeys = Math.min(keys, plan.warmUpKeys);
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      double seconds = Math.min(plan.seconds, WARM_UP_SECONDS);
      Course warmUp = new Course(plan, warmUpKeys, warmUpKeys, seconds);
      run(plan.rehearsal(directory("warm-up-" + round), warmUpKeys), warmUp, (_, _) -> {});
    }
    Child.tell(BYTES_BEFORE, ProcessMemory.anonymousBytes());
    Course course = new Course(plan, keys, plan.operations(), plan.seconds);
    Setup setup = plan.setup(directory("store"), keys, false);
    run(setup, course, (work, figure) -> Child.tell(work.id(), figure));
  }

  private void run(Setup setup, Course course, ObjDoubleConsumer<Work> told) throws IOException {
    List<Work> wanted =
        Arrays.stream(plan.works)
            .filter(work -> work.step() == Work.Step.WORK && work.fits(store))
            .toList();
    try (Peer peer = store.open(setup);
        Crew crew = new Crew(peer, plan.entries(), 2)) {
      course.run(crew, wanted, told);
      told.accept(Work.MEMORY, ProcessMemory.anonymousBytes());
    }
  }

  /** Tells the time until a first read is answered, and then what is missing. */
  private void open() throws IOException {
    loadClasses();
    Path directory = directory("store");
    Entries entries = plan.entries();
    boolean wasKilled = action == Action.RECOVER;
    long start = System.nanoTime();
    Setup setup = plan.setup(directory, plan.scale.keys, false);
    try (Peer peer = wasKilled ? store.recover(setup) : store.open(setup);
        Client client = new Client(peer, entries)) {
      boolean isFirstThere = client.has(0);
      Child.tell(SECONDS, (System.nanoTime() - start) / 1e9);
      int lost = isFirstThere ? 0 : 1;
      int step = Math.max(1, plan.scale.keys / MOST_CHECKS);
      for (int number = 0; number < plan.scale.keys; number += step) {
        lost += client.has(number) ? 0 : 1;
      }
      int written = wasKilled ? plan.writesBeforeKill() : 0;
      for (int number = 0; number < written; number++) {
        lost += client.has(plan.scale.keys + number) ? 0 : 1;
      }
      Child.tell(LOST, lost);
    }
  }

  private void loadClasses() throws IOException {
    int keys = Math.min(plan.scale.keys, 1_000);
    Setup setup = plan.setup(directory("other-" + action), keys, false);
    for (int i = 0; i < 2; i++) {
      try (Peer peer = store.open(setup);
          Client client = new Client(peer, plan.entries())) {
        client.load(0, keys);
        client.has(0);
      }
    }
  }

  private void writeUntilKilled() throws IOException {
    int keys = plan.scale.keys;
    try (Peer peer = store.open(plan.setup(directory("store"), keys, false));
        Client client = new Client(peer, plan.entries())) {
      client.load(keys, keys + plan.writesBeforeKill());
      Child.tell(ACKNOWLEDGED, plan.writesBeforeKill());
      int[] picks = Picks.uniform(plan.operations(), keys, 5);
      long start = System.nanoTime();
      while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(MOST_SECONDS_UNTIL_KILL)) {
        client.overwrite(picks);
      }
    }
    throw new IllegalStateException("Nobody killed this process.");
  }

  private void putDurably() throws IOException {
    int keys = Math.min(plan.scale.keys, DURABLE_KEYS);
    try (Peer peer = store.open(plan.setup(directory("durable"), keys, true));
        Crew crew = new Crew(peer, plan.entries(), MOST_THREADS)) {
      SplittableRandom[] randoms = new SplittableRandom[MOST_THREADS];
      for (int thread = 0; thread < MOST_THREADS; thread++) {
        randoms[thread] = new SplittableRandom(thread);
      }
      Crew.Shift put =
          (client, thread) -> client.overwrite(new int[] {randoms[thread].nextInt(keys)});
      crew.during(plan.durableSeconds * DURABLE_WARM_UP_SHARE, MOST_THREADS, put);
      for (int threads : DURABLE_THREADS) {
        double rate = crew.during(plan.durableSeconds, threads, put);
        Child.tell(Work.valueOf("DURABLE_" + threads).id(), rate);
      }
    }
  }
}
