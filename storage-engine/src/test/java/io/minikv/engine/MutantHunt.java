package io.minikv.engine;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.engine.crash.FaultSweep;
import io.minikv.engine.index.IndexRace;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.KeyFileDamage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Looks for a violation of the promises in the engine that it was loaded with. Public, and made of
 * types of the JDK on the outside, so that it can be called in another class loader.
 */
public final class MutantHunt implements Callable<String> {

  private static final int SEEDS = 6;
  private static final int STATES_PER_MOMENT = 10;
  private static final int OPERATIONS_WITH_FAULTS = 24;

  private final String kind;
  private long tried;

  /**
   * A hunt of one kind: CRASH, FAULT, FULL, DAMAGE, RACE, WRITERS, SNAPSHOTS, KEYS, SCANS,
   * COMPACTION or CHECKPOINT.
   */
  public MutantHunt(String kind) {
    this.kind = kind;
  }

  /** Returns what found the violation, after how many tries; nothing when there was none. */
  @Override
  public String call() throws Exception {
    String found =
        switch (kind) {
          case "CRASH" -> crashes();
          case "FAULT" ->
              faults(List.of(DiskFault.Kind.IO_ERROR_HALF_DONE, DiskFault.Kind.IO_ERROR), false);
          case "FULL" -> faults(List.of(DiskFault.Kind.DISK_FULL_SHORT_WRITE), true);
          case "KEYS" -> keys();
          case "DAMAGE" -> damage();
          case "RACE" -> race();
          case "WRITERS" -> new WriterRace().run();
          case "SNAPSHOTS" -> snapshots();
          case "SCANS" -> scans();
          case "COMPACTION" -> compactions();
          case "CHECKPOINT" -> checkpoints();
          default -> throw new IllegalArgumentException(kind);
        };
    return found.isEmpty() ? "" : "%s, try %d: %s".formatted(kind, tried, found);
  }

  private static String keys() throws IOException {
    String wrong = KeyFileDamage.ofSeveralLevels().findWrongAsWritten();
    return wrong.isEmpty() ? new KeyFileDamage().findWrongResult(13) : wrong;
  }

  private String compactions() throws IOException {
    try {
      tried++;
      new CompactionScenario().deleteAndCompact();
      tried++;
      new CompactionScenario().expireAndCompact();
      tried++;
      new CompactionScenario().readValueFileAcrossCompaction();
      return "";
    } catch (AssertionError e) {
      return e.getMessage();
    }
  }

  private String crashes() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (CrashScenario scenario : CrashScenario.all(seed).toList().reversed()) {
        CrashOracle oracle = new CrashOracle(scenario.options());
        try {
          scenario.explore(STATES_PER_MOMENT, oracle);
        } catch (AssertionError e) {
          tried += oracle.checked();
          return scenario + ": " + e.getMessage();
        }
        tried += oracle.checked();
      }
    }
    return "";
  }

  private String faults(List<DiskFault.Kind> kinds, boolean staysWritable) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (CrashScenario scenario : CrashScenario.all(seed).toList().reversed()) {
        CrashOracle oracle = CrashOracle.afterFaults(scenario.options());
        try {
          new FaultSweep(seed, 4, kinds)
              .sweep(
                  scenario::disk,
                  History.EMPTY,
                  new Traffic(scenario.options(), seed, OPERATIONS_WITH_FAULTS, staysWritable),
                  oracle);
        } catch (AssertionError e) {
          tried += oracle.checked();
          return scenario + ": " + e.getMessage();
        }
        tried += oracle.checked();
      }
    }
    return "";
  }

  private String snapshots() throws InterruptedException {
    for (int round = 0; round < SEEDS; round++) { // Which writes meet a snapshot is chance.
      for (Durability durability : Durability.values()) {
        tried++;
        try {
          new SnapshotRace(durability).run();
        } catch (AssertionError | StoreException | IllegalStateException e) {
          return durability + ": " + e;
        }
      }
    }
    return "";
  }

  private String race() throws InterruptedException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      tried++;
      List<String> problems = new IndexRace(seed).run();
      if (!problems.isEmpty()) {
        return problems.getFirst();
      }
    }
    return "";
  }

  private String scans() throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      tried++;
      try {
        new ScanScenario(seed, new SimulatedDisk(), Path.of("/")).run();
      } catch (AssertionError e) {
        return "seed " + seed + ", " + e.getMessage();
      }
    }
    return "";
  }

  private String checkpoints() {
    try {
      tried++;
      CheckpointScenario.goOwnWays();
      for (long seed = 1; seed <= SEEDS; seed++) {
        tried++;
        new CheckpointScenario().cutPower(seed);
      }
      return "";
    } catch (AssertionError e) {
      return e.getMessage();
    }
  }

  /** Flips one bit after the other of records that a watermark covers. */
  private String damage() throws Exception {
    EngineOptions options = EngineOptions.DEFAULT.withDurability(Durability.ALWAYS);
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE);
    for (int i = 0; i < 4; i++) {
      store.put(Key.of("key-" + i), Value.of("value"));
    }
    String segment = disk.list().stream().filter(name -> name.endsWith(".log")).findFirst().get();
    for (int at = 64; at < 64 + 36; at++) {
      tried++;
      SimulatedDisk damaged = SimulatedDisk.from(disk.processKill());
      flip(damaged, segment, at);
      try (SegmentedStore opened = SegmentedStore.open(damaged, options, EngineThreads.NONE)) {
        return "opened with a flipped bit in byte %d, %s".formatted(at, opened.statistics());
      } catch (StoreUnavailableException e) {
        if (e.reason() != StoreUnavailableException.Reason.DAMAGED) {
          return "a flipped bit in byte %d is reported as %s".formatted(at, e);
        }
      }
    }
    return damagedValue(store, disk, segment);
  }

  /** Flips a bit of a short value that is read into an array. */
  private String damagedValue(SegmentedStore store, SimulatedDisk disk, String segment)
      throws Exception {
    tried++;
    flip(disk, segment, 64 + 32 + "key-0".length() + 4);
    try {
      return "read " + store.read(Key.of("key-0"), new byte[10]) + " bytes, one of them flipped";
    } catch (DamagedDataException e) {
      return "";
    }
  }

  private static void flip(SimulatedDisk disk, String name, int at) throws Exception {
    try (DiskFile file = disk.open(name, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(at, one);
      one.put(0, (byte) (one.get(0) ^ 1));
      file.write(at, one.flip());
    }
  }
}
