package io.minikv.engine.crash;

import io.minikv.engine.crash.CrashTrace.Moment;
import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Cuts the power before and after every operation of a workload, in many ways each, and lets a
 * checker judge what is left.
 *
 * <pre>{@code
 * CrashReport report =
 *     new CrashExplorer(seed, 200)
 *         .explore(
 *             new SimulatedDisk(),
 *             History.EMPTY,
 *             (disk, history) -> {
 *               try (Store store = Store.open(disk)) {
 *                 history.accept(acknowledged.with("a", "1").inFlight());
 *                 store.put("a", "1");
 *                 history.accept(acknowledged.with("a", "1"));
 *               }
 *             },
 *             crash -> {
 *               try (Store store = Store.open(crash.disk())) {
 *                 crash.history().verify(store, crash.everythingSurvived());
 *               }
 *             });
 * assertThat(report.checked()).isGreaterThan(20_000);
 * }</pre>
 *
 * <p>The workload runs first, at full speed; only snapshots are taken meanwhile. Then the states
 * are generated and checked by several threads. A failure tells the {@link #only location} that
 * brings back that one state: the random numbers of each moment depend on the seed and the moment
 * alone. To crash again during recovery, explore the recovery as a workload from within the
 * checker, {@link #inThisThread()}.
 */
public final class CrashExplorer {

  private final long seed;
  private final int statesPerMoment;
  private final int threads;
  private final String only;

  /**
   * An explorer.
   *
   * @param statesPerMoment how many states are generated at each moment, before those that were
   *     seen are left out
   */
  public CrashExplorer(long seed, int statesPerMoment) {
    this(seed, statesPerMoment, Runtime.getRuntime().availableProcessors(), "");
  }

  private CrashExplorer(long seed, int statesPerMoment, int threads, String only) {
    this.seed = seed;
    this.statesPerMoment = statesPerMoment;
    this.threads = threads;
    this.only = only;
  }

  /** The same, without threads of its own. */
  public CrashExplorer inThisThread() {
    return new CrashExplorer(seed, statesPerMoment, 1, only);
  }

  /** The same, but for one state only: the location that a failure told. */
  public CrashExplorer only(String location) {
    return new CrashExplorer(seed, statesPerMoment, 1, location);
  }

  /**
   * Runs the workload and checks what crashes leave.
   *
   * @param before the history before the workload
   * @throws AssertionError when the checker found something, with the seed and the location
   */
  public <H> CrashReport explore(
      SimulatedDisk disk, H before, Workload<H> workload, Checker<H> checker) {
    CrashTrace<H> trace = new CrashTrace<>(disk, before);
    disk.listen(trace);
    try {
      workload.run(disk, trace);
      trace.end();
    } catch (Exception e) {
      throw new AssertionError("the workload failed without a crash; seed " + seed, e);
    }
    return new Exploration<>(trace.moments(), checker).run().report(trace);
  }

  /** One exploration after its workload has run. */
  private final class Exploration<H> {

    private final List<Moment<H>> moments;
    private final Checker<H> checker;
    private final Set<Distinct> seen = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> checkedByKind = new ConcurrentHashMap<>();
    private final LongAdder generated = new LongAdder();
    private final AtomicBoolean failed = new AtomicBoolean();

    private Exploration(List<Moment<H>> moments, Checker<H> checker) {
      this.moments = moments;
      this.checker = checker;
    }

    private Exploration<H> run() {
      if (threads == 1) {
        moments.forEach(this::exploreMoment);
        return this;
      }
      try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
        List<Future<Void>> done = pool.invokeAll(moments.stream().map(this::task).toList());
        for (Future<Void> each : done) {
          each.get();
        }
        return this;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Error error ? error : new AssertionError(e.getCause());
      }
    }

    private Callable<Void> task(Moment<H> moment) {
      return () -> {
        if (!failed.get()) {
          exploreMoment(moment);
        }
        return null;
      };
    }

    private void exploreMoment(Moment<H> moment) {
      Random random = new Random(seed ^ (moment.name().hashCode() * 0x9E3779B97F4A7C15L));
      List<CrashState> states = moment.snapshot().crashStates(random, statesPerMoment);
      long survived = allSurvived(moment);
      generated.add(states.size());
      for (int i = 0; i < states.size(); i++) {
        CrashState state = states.get(i);
        long hash = state.image().contentHash();
        if (isWanted(moment, i) && seen.add(new Distinct(hash, moment.historyNumber()))) {
          check(moment, i, state, hash == survived);
        }
      }
    }

    private long allSurvived(Moment<H> moment) {
      return moment
          .snapshot()
          .state(DataLoss.NONE, NameLoss.NONE, new Random(0))
          .image()
          .contentHash();
    }

    private boolean isWanted(Moment<H> moment, int index) {
      return only.isEmpty() || only.equals(location(moment, index));
    }

    private String location(Moment<H> moment, int index) {
      return moment.name() + "-" + index;
    }

    private void check(Moment<H> moment, int index, CrashState state, boolean everythingSurvived) {
      String description =
          "crash %s, lost data/names: %s, seed %d, replay with only(\"%s\"), %s"
              .formatted(
                  moment.description(), state.kind(), seed, location(moment, index), state.image());
      checkedByKind.computeIfAbsent(state.kind(), kind -> new LongAdder()).increment();
      SimulatedDisk disk = SimulatedDisk.from(state.image());
      try {
        checker.check(new Crash<>(disk, moment.history(), everythingSurvived, description));
      } catch (Exception | AssertionError e) {
        failed.set(true);
        throw new AssertionError(description + ": " + e, e);
      }
    }

    private CrashReport report(CrashTrace<H> trace) {
      Map<String, Long> byKind = new TreeMap<>();
      checkedByKind.forEach((kind, count) -> byKind.put(kind, count.sum()));
      long checked = byKind.values().stream().mapToLong(Long::longValue).sum();
      return new CrashReport(moments.size(), generated.sum(), checked, byKind, trace.operations());
    }
  }

  /**
   * What makes a state worth a check of its own: the same bytes can be right for one history and
   * wrong for a later one.
   */
  private record Distinct(long contentHash, int historyNumber) {}
}
