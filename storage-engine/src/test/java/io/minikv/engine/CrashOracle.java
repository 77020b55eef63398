package io.minikv.engine;

import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Value;
import io.minikv.engine.crash.Checker;
import io.minikv.engine.crash.Crash;
import io.minikv.engine.crash.CrashExplorer;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskSnapshot;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Opens what a crash left and holds it against the history: a state that the promise allows, which
 * another crash does not take back, in which the store goes on as if nothing had been.
 *
 * <p>Thread-safe.
 */
final class CrashOracle implements Checker<History> {

  private static final Key PROBE = Key.of("zz-probe");

  /** Every so many states recovery itself is crashed. */
  private static final int SECOND_CRASH_EVERY = 100;

  private static final int STATES_OF_SECOND_CRASH = 4;

  /** Of every so many states the figures are compared with those without index snapshots. */
  private static final int COMPARE_EVERY = 4;

  private final EngineOptions options;
  private final @Nullable SnapshotProof snapshots;
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong secondCrashes = new AtomicLong();

  CrashOracle(EngineOptions options) {
    this(options, new SnapshotProof());
  }

  private CrashOracle(EngineOptions options, @Nullable SnapshotProof snapshots) {
    this.options = options;
    this.snapshots = snapshots;
  }

  /**
   * For stores on a disk that failed: an index may know that an entry has expired, and a log not,
   * as the compaction that found it out failed.
   */
  static CrashOracle afterFaults(EngineOptions options) {
    return new CrashOracle(options, null);
  }

  /** What was compared with and without snapshots. */
  SnapshotProof snapshots() {
    return Objects.requireNonNull(snapshots);
  }

  /** How many states were checked, without those of second crashes. */
  long checked() {
    return checked.get();
  }

  /** How many states of crashes during recovery were checked. */
  long secondCrashes() {
    return secondCrashes.get();
  }

  @Override
  public void check(Crash<History> crash) {
    long number = checked.incrementAndGet();
    if (number % SECOND_CRASH_EVERY == 0) {
      crashRecovery(crash, number);
    } else {
      checkOnce(crash, number);
    }
  }

  private void checkOnce(Crash<History> crash, long number) {
    History history = crash.history();
    if (snapshots != null && number % COMPARE_EVERY == 1) {
      snapshots.check(crash.disk().processKill(), disk -> open(disk, history));
    }
    DiskImage left;
    History found;
    try (SegmentedStore store = open(crash.disk(), history)) {
      found = judge(store, history, crash.everythingSurvived());
      checkValueFiles(crash.disk(), found);
      left = crashAgain(crash.disk(), number);
    }
    SimulatedDisk disk = SimulatedDisk.from(left);
    long sequence;
    try (SegmentedStore store = open(disk, found)) {
      judge(store, found, true);
      sequence = writeProbe(store, found);
    }
    try (SegmentedStore store = open(disk, found)) {
      checkProbe(store, sequence);
      store.delete(PROBE);
      judge(store, found, true);
    }
  }

  /** What another crash leaves as soon as the store was opened. */
  private static DiskImage crashAgain(SimulatedDisk disk, long number) {
    DiskSnapshot snapshot = disk.snapshot();
    return switch ((int) (number % 4)) {
      case 0 -> disk.processKill();
      case 1 -> snapshot.state(DataLoss.ANY_SECTORS, NameLoss.ANY, new Random(number)).image();
      default -> snapshot.state(DataLoss.ALL, NameLoss.ALL, new Random(number)).image();
    };
  }

  private void crashRecovery(Crash<History> crash, long number) {
    new CrashExplorer(number, STATES_OF_SECOND_CRASH)
        .inThisThread()
        .explore(
            crash.disk(),
            crash.history(),
            (disk, history) -> {
              try (SegmentedStore store = open(disk, crash.history())) {
                history.accept(judge(store, crash.history(), crash.everythingSurvived()));
              }
            },
            again -> {
              secondCrashes.incrementAndGet();
              checkOnce(
                  new Crash<>(
                      again.disk(),
                      again.history(),
                      crash.everythingSurvived() && again.everythingSurvived(),
                      again.description()),
                  number);
            });
  }

  private SegmentedStore open(SimulatedDisk disk, History history) {
    MutableClock clock = new MutableClock(Instant.ofEpochMilli(history.nowMillis()));
    return SegmentedStore.open(disk, options.withClock(clock), EngineThreads.NONE);
  }

  /** Holds what the store gives against the history, which then knows what must stay. */
  static History judge(SegmentedStore store, History history, boolean everythingSurvived) {
    SortedMap<Key, Stored> found = read(store);
    History after = history.found(found, everythingSurvived);
    found.forEach((key, stored) ->
        require(
            Optional.of(stored).equals(store.get(key).map(Stored::of)),
            "the scan gives %s for %s, but a get something else",
            stored,
            key));
    long keys = store.statistics().keys();
    require(
        keys >= found.size() && keys <= found.size() + after.expired(),
        "statistics tell %d keys, but there are %d",
        keys,
        found.size());
    require(
        store.statistics().lastSequence() >= history.highestSequence(),
        "the last sequence number is %d, but %d was handed out before",
        store.statistics().lastSequence(),
        history.highestSequence());
    return after;
  }

  static SortedMap<Key, Stored> read(SegmentedStore store) {
    try (Cursor cursor = store.scan(KeyRange.all())) {
      return rest(cursor);
    }
  }

  /** All that a cursor has still to give. */
  static SortedMap<Key, Stored> rest(Cursor cursor) {
    SortedMap<Key, Stored> found = new TreeMap<>();
    while (cursor.next()) {
      found.put(cursor.key(), Stored.of(cursor.entry()));
    }
    return found;
  }

  /** Every value file is that of a key that is present, or of one that has expired. */
  private static void checkValueFiles(SimulatedDisk disk, History history) {
    DiskImage image = disk.processKill();
    for (String name : image.names()) {
      if (FileNames.valueNumber(name).isPresent()) {
        try {
          Key key = ValueFileHeader.decode(image.bytes(name)).key();
          require(history.state().containsKey(key), "%s is left, but its key %s is not", name, key);
        } catch (FormatException e) {
          throw new AssertionError(name + " is left, and " + e.getMessage(), e);
        }
      }
    }
  }

  private static long writeProbe(SegmentedStore store, History history) {
    long sequence = store.put(PROBE, Value.of("still works")).version().orElseThrow().sequence();
    require(
        sequence > history.highestSequence(),
        "version %d is handed out, but %d was before",
        sequence,
        history.highestSequence());
    return sequence;
  }

  private static void checkProbe(SegmentedStore store, long sequence) {
    long found = store.info(PROBE).map(info -> info.version().sequence()).orElse(0L);
    require(
        found == sequence,
        "a write after recovery has version %d, but version %d is there after a clean restart",
        sequence,
        found);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  private static void require(boolean condition, String problem, Object... details) {
    if (!condition) {
      throw new AssertionError(problem.formatted(details));
    }
  }
}
