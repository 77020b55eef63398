package io.minikv.engine;

import io.minikv.domain.BatchResult;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.ModelSequence.Step;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store on a simulated disk beside a sorted map. Each step changes both and compares what they
 * answer; after a crash the map becomes what the store holds, if that is allowed.
 */
final class ModelledStore implements AutoCloseable {

  /** What a power cut leaves of a disk. */
  interface PowerCut {

    DiskImage image(SimulatedDisk disk, Random random);
  }

  private static final List<Durability> DURABILITIES = List.of(Durability.values());

  /** A crash comes at one of so many operations of the disk, or after the last one of its step. */
  private static final int OPERATIONS_UNTIL_CRASH = 30;

  /** Some snapshots come by themselves. */
  private static final int SNAPSHOT_BYTES = 32 << 10;

  private final EngineOptions options;
  private final PowerCut powerCut;
  private final MutableClock clock = new MutableClock();
  private SimulatedDisk disk;
  private SegmentedStore store;
  private History history = History.EMPTY.startingAt(clock.millis());
  private int checkpoints;

  ModelledStore(CrashScenario scenario, PowerCut powerCut) {
    this.options = scenario.options().withSnapshotBytes(SNAPSHOT_BYTES).withClock(clock);
    this.powerCut = powerCut;
    this.disk = scenario.disk();
    this.store = open(disk);
  }

  private SegmentedStore open(SimulatedDisk from) {
    return SegmentedStore.open(from, options, EngineThreads.NONE);
  }

  void perform(Step step) {
    Random random = new Random(step.seed());
    RandomOperations chosen = new RandomOperations(random, clock);
    switch (step.action()) {
      case PUT -> write(chosen.put(), random);
      case DELETE -> write(chosen.delete(), random);
      case CONDITIONAL_WRITE -> write(chosen.conditional(this::version), random);
      case BATCH -> writeBatch(chosen.batch(this::version), random);
      case STREAM -> stream(chosen, random);
      case GET -> get(chosen);
      case SCAN -> scan(chosen.range(), chosen.scanOptions());
      case COUNT -> count(chosen.range());
      case PASS_TIME -> passTime(Duration.ofSeconds(random.nextInt(60)));
      case FLUSH -> force(store::flush);
      case COMPACT -> compact(chosen, random);
      case BRING_INTO_ORDER -> bringIntoOrder(random);
      case SNAPSHOT -> force(store::snapshot);
      case CHECKPOINT -> checkpoint();
      case REOPEN -> reopen();
      case KILL -> crash((from, _) -> from.processKill(), true, chosen, random);
      case CUT_POWER -> crash(powerCut, false, chosen, random);
    }
  }

  /** Compares all, also after another opening, and looks for damage. */
  void finish() {
    compareAll();
    reopen();
    require(store.verify(ProgressListener.NONE).isClean(), "damaged: %s", store.health());
  }

  @Override
  public void close() {
    store.close();
  }

  // ---- writes

  private void write(Mutation mutation, Random random) {
    Durability durability = durability(random);
    write(List.of(mutation), durability, () -> asBatchResult(store.write(mutation, durability)));
  }

  private void writeBatch(List<Mutation> mutations, Random random) {
    Durability durability = durability(random);
    write(mutations, durability, () -> store.write(new WriteBatch(mutations), durability));
  }

  private void stream(RandomOperations chosen, Random random) {
    Mutation.Put put = chosen.putAround(options.longestLoggedBytes());
    if (random.nextInt(3) == 0) {
      put = put.onlyIf(chosen.mutations().condition(version(put.key())));
    }
    Durability durability = durability(random);
    try (ValueWriter writer =
        store.openWriter(put.key(), put.attributes(), put.expiry(), put.condition())) {
      ByteBuffer value = put.value().asByteBuffer();
      int middle = random.nextInt(value.limit() + 1);
      writer.write(value.slice(0, middle));
      if (random.nextBoolean()) {
        write(chosen.put(), random);
      }
      writer.write(value.slice(middle, value.limit() - middle));
      if (random.nextInt(5) > 0) { // Else it is given up.
        write(List.of(put), durability, () -> asBatchResult(writer.commit(durability)));
      }
    }
  }

  private static BatchResult asBatchResult(WriteResult result) {
    return new BatchResult(result.version(), List.of(result.previous()));
  }

  private static Durability durability(Random random) {
    return random.nextInt(8) > 0
        ? Durability.OS
        : DURABILITIES.get(random.nextInt(DURABILITIES.size()));
  }

  private void write(
      List<Mutation> mutations, Durability durability, Supplier<BatchResult> operation) {
    List<Optional<Version>> previous =
        mutations.stream().map(mutation -> version(mutation.key())).toList();
    Optional<Mutation> refused =
        mutations.stream()
            .filter(mutation -> !mutation.condition().isMetBy(version(mutation.key())))
            .findFirst();
    if (refused.isPresent()) {
      requireRefusal(refused.get(), operation);
      return;
    }
    boolean changes = history.isChangedBy(mutations);
    if (changes) {
      history = history.begin(history.after(mutations, 0));
    }
    BatchResult result = operation.get();
    require(result.previous().equals(previous), "before it %s, not %s", result, previous);
    require(result.version().isPresent() == changes, "%s has the result %s", mutations, result);
    result.version().ifPresent(version -> acknowledge(mutations, durability, version.sequence()));
  }

  private void requireRefusal(Mutation refused, Supplier<BatchResult> operation) {
    BatchResult result;
    try {
      result = operation.get();
    } catch (ConditionFailedException e) {
      require(e.key().equals(refused.key()), "refused for %s, not %s", e.key(), refused.key());
      require(e.current().equals(version(e.key())), "refused for version %s", e.current());
      return;
    }
    throw new AssertionError("the condition of " + refused + " does not hold, but " + result);
  }

  private void acknowledge(List<Mutation> mutations, Durability durability, long sequence) {
    require(sequence > history.highestSequence(), "version %d was handed out before", sequence);
    history = history.acknowledge(history.after(mutations, sequence), sequence);
    boolean forced =
        options.durability() == Durability.ALWAYS || durability.compareTo(options.durability()) > 0;
    if (forced) {
      history = history.force();
    }
  }

  // ---- reads

  private Optional<Stored> expected(Key key) {
    return Optional.ofNullable(history.state().get(key))
        .filter(stored -> stored.isLiveAt(clock.millis()));
  }

  private Optional<Version> version(Key key) {
    return history.version(key);
  }

  private NavigableMap<Key, Stored> expected(KeyRange range) {
    NavigableMap<Key, Stored> live = new TreeMap<>(history.liveState());
    live.keySet().removeIf(key -> !range.contains(key));
    return live;
  }

  private void get(RandomOperations chosen) {
    List<Key> keys = List.of(chosen.key(), chosen.key(), chosen.key());
    Map<Key, Entry> all = store.getAll(keys);
    for (Key key : keys) {
      Optional<Stored> expected = expected(key);
      requireSame(key, store.get(key).map(Stored::of), expected);
      requireSame(key, Optional.ofNullable(all.get(key)).map(Stored::of), expected);
      requireSame(key, store.info(key).map(info -> info.version()), version(key));
      requireSame(key, store.exists(key), expected.isPresent());
    }
  }

  private static void requireSame(Object key, Object found, Object expected) {
    require(found.equals(expected), "found %s under %s, not %s", found, key, expected);
  }

  private void scan(KeyRange range, ScanOptions scan) {
    new CheckedCursor(range + ", " + scan, store.scan(range, scan), expected(range), scan).finish();
  }

  private void count(KeyRange range) {
    requireSame(range, store.count(range), (long) expected(range).size());
  }

  private void compareAll() {
    scan(KeyRange.all(), ScanOptions.DEFAULT);
  }

  // ---- what happens to a store

  private void passTime(Duration duration) {
    clock.advance(duration);
    history = history.at(clock.millis());
  }

  /** Runs something after which all that was written is durable. */
  private void force(Runnable operation) {
    operation.run();
    history = history.force();
  }

  private void compact(RandomOperations chosen, Random random) {
    boolean writes = random.nextBoolean();
    force(() ->
        store.compact((_, _) -> {
          if (writes && random.nextBoolean()) {
            write(random.nextInt(4) == 0 ? chosen.delete() : chosen.put(), random);
          }
        }));
    compareAll();
  }

  /** Compacts what scans have paid for, of complete segments and then of the active one. */
  private void bringIntoOrder(Random random) {
    ScatteredKeys keys = new ScatteredKeys(RandomOperations.keys(), options.segmentBytes());
    writeBatch(keys.firstBatch(random), random);
    writeBatch(keys.secondBatch(random), random);
    long active = ScatteredKeys.activeSegment(store);
    keys.scanOften(store);
    force(store::compactDue);
    require(!ScatteredKeys.isThere(store, active), "scans that paid for order did not get it");
    compareAll();
  }

  private void checkpoint() {
    Path directory = Path.of("/checkpoint-" + checkpoints++);
    force(() -> store.checkpoint(directory));
    try (SegmentedStore copy = open(disk.sibling(directory))) {
      CrashOracle.judge(copy, history, true);
    }
  }

  private void reopen() {
    force(store::close);
    store = open(disk);
    compareAll();
  }

  private void crash(
      PowerCut cut, boolean everythingSurvives, RandomOperations chosen, Random random) {
    Crash crash = new Crash(cut, random);
    disk.listen(crash);
    doSomething(chosen, random);
    disk.listen(DiskListener.NONE);
    crash.comeAtTheLatest();
    store.close();
    disk = SimulatedDisk.from(crash.left);
    store = open(disk);
    history = CrashOracle.judge(store, crash.history, everythingSurvives);
  }

  private void doSomething(RandomOperations chosen, Random random) {
    switch (random.nextInt(7)) {
      case 0 -> compact(chosen, random);
      case 1 -> stream(chosen, random);
      case 2 -> force(store::snapshot);
      case 3 -> reopen();
      case 4 -> bringIntoOrder(random);
      case 5 -> writeBatch(chosen.batch(this::version), random);
      default -> write(chosen.put(), random);
    }
  }

  /** Keeps what a crash at a random operation leaves, and what was promised then. */
  private final class Crash implements DiskListener {

    private final PowerCut cut;
    private final Random random;
    private int operationsLeft;
    private @Nullable DiskImage left;
    private @Nullable History history;

    Crash(PowerCut cut, Random random) {
      this.cut = cut;
      this.random = new Random(random.nextLong());
      this.operationsLeft = random.nextInt(OPERATIONS_UNTIL_CRASH);
    }

    @Override
    public void after(Operation operation) {
      if (operationsLeft-- == 0) {
        come();
      }
    }

    private void come() {
      left = cut.image(disk, random);
      history = ModelledStore.this.history;
    }

    void comeAtTheLatest() {
      if (left == null) {
        come();
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  private static void require(boolean condition, String problem, Object... details) {
    if (!condition) {
      throw new AssertionError(problem.formatted(details));
    }
  }
}
