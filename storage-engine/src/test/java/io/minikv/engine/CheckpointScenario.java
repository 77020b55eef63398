package io.minikv.engine;

import static io.minikv.engine.Stores.put;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.DiskSnapshot;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;

/**
 * A small store with everything in it that files can hold, checkpoints of it that are cut short,
 * and the judgement on what is left.
 */
final class CheckpointScenario {

  private static final Path TARGET = Path.of("/copy");
  private static final int STATES_PER_MOMENT = 30;

  final SimulatedDisk disk = new SimulatedDisk();
  final SegmentedStore store = Stores.open(disk);
  final SortedMap<Key, Stored> before;

  CheckpointScenario() {
    for (int i = 0; i < 12; i++) {
      put(store, "key-" + i, "first " + "x".repeat(i * 80));
    }
    store.delete(Key.of("key-3"));
    store.compact(ProgressListener.NONE);
    for (int i = 0; i < 12; i += 2) {
      put(store, "key-" + i, "second " + "y".repeat(i * 100));
    }
    store.delete(Key.of("key-5"));
    before = CrashOracle.read(store);
  }

  SimulatedDisk target() {
    return disk.sibling(TARGET);
  }

  void checkpoint() {
    store.checkpoint(TARGET);
  }

  /**
   * Cuts the power around every operation of a checkpoint; returns how many states of the copy were
   * the whole one.
   */
  int cutPower(long seed) {
    List<DiskSnapshot> moments = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            moments.add(target().snapshot());
          }

          @Override
          public void after(Operation operation) {
            moments.add(target().snapshot());
          }
        });
    checkpoint();
    disk.listen(DiskListener.NONE);
    moments.add(target().snapshot());
    int whole = 0;
    Random random = new Random(seed);
    for (DiskSnapshot moment : moments) {
      for (CrashState state : moment.crashStates(random, STATES_PER_MOMENT)) {
        whole += isWhole(state.image()) ? 1 : 0;
      }
    }
    return whole;
  }

  /** Whether it is the whole copy; else it must be nothing, or be refused. */
  private boolean isWhole(DiskImage copy) {
    if (copy.names().isEmpty()) {
      return false;
    }
    try (SegmentedStore opened = Stores.open(SimulatedDisk.from(copy))) {
      requireSame(CrashOracle.read(opened), copy.toString());
      put(opened, "new", "value");
      return true;
    } catch (StoreUnavailableException e) {
      boolean clear =
          e.getMessage().contains("INCOMPLETE")
              || e.getMessage().contains("holds segments, but no MANIFEST");
      if (!clear) {
        throw new AssertionError(copy + " is refused in unclear words", e);
      }
      return false;
    }
  }

  private void requireSame(SortedMap<Key, Stored> found, String where) {
    if (!before.equals(found)) {
      throw new AssertionError(where + " holds " + found + ", and should hold " + before);
    }
  }

  /** Writes to a checkpoint, which must change nothing in its source. */
  static void goOwnWays() {
    CheckpointScenario scenario = new CheckpointScenario();
    scenario.checkpoint();
    DiskImage source = scenario.disk.processKill();
    for (int i = 0; i < 3; i++) {
      try (SegmentedStore copy = Stores.open(scenario.target())) {
        scenario.requireSame(CrashOracle.read(copy), "the copy");
        put(copy, "of-copy", "z".repeat(2_000));
        copy.delete(Key.of("of-copy"));
      }
    }
    if (scenario.disk.processKill().contentHash() != source.contentHash()) {
      throw new AssertionError("a write to the copy changed its source");
    }
  }

  /** Makes a checkpoint with a fault; returns whether the fault fired. */
  static boolean fail(DiskFault fault) {
    CheckpointScenario scenario = new CheckpointScenario();
    scenario.disk.inject(fault);
    boolean made = false;
    try {
      scenario.checkpoint();
      made = true;
    } catch (NotWritableException | InvalidRequestException e) {
      if (scenario.disk.faultsFired() == 0) {
        throw new AssertionError("failed without a fault", e);
      }
    }
    boolean fired = scenario.disk.faultsFired() > 0;
    scenario.disk.heal();
    scenario.judge(made, fault);
    return fired;
  }

  private void judge(boolean made, DiskFault fault) {
    requireSame(CrashOracle.read(store), "the source with " + fault);
    if (!isWhole(target().processKill()) && made) {
      throw new AssertionError("with " + fault + " the copy was made, but is not whole");
    }
    boolean failed = store.health().problems().stream().anyMatch(each -> each.contains("failed"));
    if (!failed) {
      put(store, "goes", "on");
      store.delete(Key.of("goes"));
      store.count(KeyRange.all());
    }
    try (SegmentedStore reopened = Stores.open(SimulatedDisk.from(disk.processKill()))) {
      requireSame(CrashOracle.read(reopened), "the source opened again after " + fault);
    }
  }
}
