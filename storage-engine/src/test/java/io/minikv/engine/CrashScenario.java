package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.engine.crash.CrashExplorer;
import io.minikv.engine.crash.CrashReport;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A way to run a store whose power is cut.
 *
 * @param seed chooses all that is random
 * @param durability the store's
 * @param mappedStores whether the log is written through mappings
 */
record CrashScenario(long seed, Durability durability, boolean mappedStores) {

  private static final int LEAST_SEGMENT_BYTES = 4 << 10;
  private static final int SNAPSHOT_BYTES = 10 << 10;
  private static final List<Compression> COMPRESSIONS = List.of(Compression.values());
  private static final long LONGEST_LOGGED_BYTES = 400;
  private static final int OPERATIONS = 60;

  /** Each durability, with and without mapped stores. */
  static Stream<CrashScenario> all(long seed) {
    return Stream.of(Durability.values())
        .flatMap(durability ->
            Stream.of(true, false).map(mapped -> new CrashScenario(seed, durability, mapped)));
  }

  /** The same with another seed. */
  CrashScenario next() {
    return new CrashScenario(seed + 1, durability, mappedStores);
  }

  SimulatedDisk disk() {
    return new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, mappedStores));
  }

  EngineOptions options() {
    return EngineOptions.DEFAULT
        .withDurability(durability)
        .withCompaction(CompactionOptions.ON_DEMAND.withThreshold(1).withDeadRatio(0.3))
        .withLongestLoggedBytes(LONGEST_LOGGED_BYTES)
        .withCompression(COMPRESSIONS.get((int) (seed % COMPRESSIONS.size())))
        .withLeastCompressedBytes(100)
        .withSegmentBytes(LEAST_SEGMENT_BYTES + new Random(seed).nextInt(LEAST_SEGMENT_BYTES))
        .withSnapshotBytes(SNAPSHOT_BYTES);
  }

  /** What the traffic does to files with such names, when nothing happens to it. */
  Set<OperationType> operationsOn(Predicate<String> file) {
    Set<OperationType> seen = EnumSet.noneOf(OperationType.class);
    SimulatedDisk traced = disk();
    traced.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            if (file.test(operation.file())) {
              seen.add(operation.type());
            }
          }
        });
    new Traffic(options(), seed, OPERATIONS).run(traced, history -> {});
    return seen;
  }

  /** Cuts the power at every moment of random traffic. */
  CrashReport explore(int statesPerMoment, CrashOracle oracle) {
    return new CrashExplorer(seed, statesPerMoment)
        .explore(disk(), History.EMPTY, new Traffic(options(), seed, OPERATIONS), oracle);
  }
}
