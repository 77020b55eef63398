package io.minikv.engine.crash;

import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a workload again and again, with another operation failing each time, until none is left to
 * fail; then lets a checker judge what is there after a restart, and after power cuts.
 *
 * <pre>{@code
 * new FaultSweep(seed, 20)
 *     .sweep(
 *         SimulatedDisk::new,
 *         History.EMPTY,
 *         (disk, history) -> {
 *           try (Store store = Store.open(disk)) { // may fail: the workload may throw then
 *             ... // catches what a write throws and goes on with that write in flight
 *           }
 *         },
 *         crash -> { ... }); // the same checker as for a CrashExplorer
 * }</pre>
 *
 * <p>The workload may end with an exception when a fault fired, but with none otherwise, and must
 * end in time. What it was promised until then must be kept.
 */
public final class FaultSweep {

  /**
   * More than any workload on a disk in memory needs; one that takes longer waits for something
   * that does not come.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final long seed;
  private final int statesPerRun;
  private final List<DiskFault.Kind> kinds;
  private long runs;
  private long checked;
  private final Map<DiskFault.Kind, Long> runsByKind = new EnumMap<>(DiskFault.Kind.class);

  /**
   * A sweep of all kinds of faults.
   *
   * @param statesPerRun how many power cuts are tried after each run; the end of the process always
   *     is
   */
  public FaultSweep(long seed, int statesPerRun) {
    this(seed, statesPerRun, List.of(DiskFault.Kind.values()));
  }

  /** A sweep of some kinds of faults. */
  public FaultSweep(long seed, int statesPerRun, List<DiskFault.Kind> kinds) {
    this.seed = seed;
    this.statesPerRun = statesPerRun;
    this.kinds = List.copyOf(kinds);
  }

  /**
   * Runs the workload with every fault: each operation once, and each with all that come after.
   *
   * @param disks gives the disk of each run, always the same
   * @param before the history before the workload
   * @throws AssertionError when the checker found something, with the fault and the seed
   */
  public <H> FaultReport sweep(
      Supplier<SimulatedDisk> disks, H before, Workload<H> workload, Checker<H> checker) {
    for (DiskFault.Kind kind : kinds) {
      for (boolean onwards : new boolean[] {false, true}) {
        long nth = 1;
        while (run(new DiskFault(kind, nth, onwards), disks.get(), before, workload, checker)) {
          nth++;
        }
      }
    }
    return new FaultReport(runs, checked, Map.copyOf(runsByKind));
  }

  /** Replays one run; returns whether the fault fired. */
  public <H> boolean run(
      DiskFault fault, SimulatedDisk disk, H before, Workload<H> workload, Checker<H> checker) {
    AtomicReference<H> history = new AtomicReference<>(before);
    disk.inject(fault);
    Throwable failure = runInTime(fault, disk, history, workload);
    boolean fired = disk.faultsFired() > 0;
    disk.heal();
    if (!fired && failure != null) {
      throw new AssertionError("the workload failed without a fault", failure);
    }
    if (fired) {
      runs++;
      runsByKind.merge(fault.kind(), 1L, Long::sum);
    }
    checkAfter(fault, disk, history.get(), checker);
    return fired;
  }

  private static <H> @Nullable Throwable runInTime(
      DiskFault fault, SimulatedDisk disk, AtomicReference<H> history, Workload<H> workload) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("workload")
            .start(() -> {
              try {
                workload.run(disk, history::set);
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    try {
      done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      return null;
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        AssertionError stuck = new AssertionError("with " + fault + " the workload does not end");
        stuck.setStackTrace(thread.getStackTrace());
        throw stuck;
      }
      if (e.getCause() instanceof AssertionError error) {
        throw new AssertionError("with " + fault + " the workload found: " + error, error);
      }
      return e.getCause();
    }
  }

  private <H> void checkAfter(DiskFault fault, SimulatedDisk disk, H history, Checker<H> checker) {
    DiskImage killed = disk.processKill();
    check(fault, "end of the process", killed, true, history, checker);
    List<CrashState> states = new ArrayList<>(disk.crashStates(new Random(seed), statesPerRun));
    for (int i = 0; i < states.size(); i++) {
      DiskImage image = states.get(i).image();
      if (image.contentHash() != killed.contentHash()) {
        String kind = "power cut " + i + " that lost " + states.get(i).kind();
        check(fault, kind, image, false, history, checker);
      }
    }
  }

  private <H> void check(
      DiskFault fault,
      String kind,
      DiskImage image,
      boolean everythingSurvived,
      H history,
      Checker<H> checker) {
    checked++;
    String description = "%s after %s, seed %d, %s".formatted(kind, fault, seed, image);
    try {
      checker.check(
          new Crash<>(SimulatedDisk.from(image), history, everythingSurvived, description));
    } catch (Exception | AssertionError e) {
      throw new AssertionError(description + ": " + e, e);
    }
  }
}
