package io.minikv.benchmarks.compare;

import java.util.List;
import java.util.function.ObjDoubleConsumer;

/** The work without forces, from the load on. */
final class Course {

  private static final int THREADS = 2;

  /** Scans go on for so many times as long before they are measured: the bar is for warm ones. */
  private static final int SCAN_WARM_UP = 5;

  private static final int SCAN_LENGTH = 100;
  private static final int OPERATIONS_A_SCAN = 20;
  private static final double HALF = 0.5;
  private static final double FEW = 0.05;

  private final Plan plan;
  private final int keys;
  private final int operations;
  private final double seconds;

  /**
   * Makes one.
   *
   * @param plan tells how keys are drawn
   * @param keys how many keys are loaded
   * @param operations of each thread
   * @param seconds how long reads go on at the least
   */
  Course(Plan plan, int keys, int operations, double seconds) {
    this.plan = plan;
    this.keys = keys;
    this.operations = operations;
    this.seconds = seconds;
  }

  /** Loads the store, does each work that is wanted, and tells the speed of it. */
  void run(Crew crew, List<Work> wanted, ObjDoubleConsumer<Work> told) {
    told.accept(Work.LOAD, crew.once(1, (client, _) -> client.load(0, keys)));
    for (Work work : wanted) {
      switch (work) {
        case HIT -> told.accept(work, reads(crew, 1));
        case HIT_2 -> told.accept(work, reads(crew, THREADS));
        case MISS -> told.accept(work, misses(crew));
        case OVERWRITE -> told.accept(work, overwrites(crew));
        case YCSB_A -> told.accept(work, mixed(crew, HALF, Client::mixed));
        case YCSB_B -> told.accept(work, mixed(crew, FEW, Client::mixed));
        case YCSB_C -> told.accept(work, mixed(crew, 0, Client::mixed));
        case YCSB_F -> told.accept(work, mixed(crew, HALF, Client::readModifyWrite));
        case SCAN -> told.accept(work, scans(crew));
        default -> {
          // Measured elsewhere.
        }
      }
    }
  }

  private double reads(Crew crew, int threads) {
    int[][] picks = new int[threads][];
    for (int thread = 0; thread < threads; thread++) {
      picks[thread] = Picks.uniform(operations, keys, thread);
    }
    return crew.during(seconds, threads, (client, thread) -> client.hit(picks[thread]));
  }

  private double misses(Crew crew) {
    int[] picks = Picks.uniform(operations, keys, 2);
    return crew.during(seconds, 1, (client, _) -> client.miss(picks, keys));
  }

  private double overwrites(Crew crew) {
    int[] picks = Picks.uniform(operations, keys, 3);
    return crew.once(1, (client, _) -> client.overwrite(picks));
  }

  private double mixed(Crew crew, double writes, Mix mix) {
    int[][] picks = new int[THREADS][];
    for (int thread = 0; thread < THREADS; thread++) {
      picks[thread] = Picks.mixed(plan.distribution, operations, keys, writes, 10 + thread);
    }
    return crew.once(THREADS, (client, thread) -> mix.work(client, picks[thread]));
  }

  private double scans(Crew crew) {
    int[] picks = Picks.uniform(Math.max(1, operations / OPERATIONS_A_SCAN), keys, 4);
    crew.during(SCAN_WARM_UP * seconds, 1, (client, _) -> client.scan(picks, SCAN_LENGTH));
    return crew.during(seconds, 1, (client, _) -> client.scan(picks, SCAN_LENGTH));
  }

  /** What is done with the picks of a thread. */
  @FunctionalInterface
  private interface Mix {
    int work(Client client, int[] picks);
  }
}
