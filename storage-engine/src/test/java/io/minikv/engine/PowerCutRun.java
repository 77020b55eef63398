package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.StoreException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Power cuts of a real file system under stores in use, one after another: each store is opened
 * with the code of production, looked at, written to by several threads while it compacts and takes
 * snapshots, and loses power at a chosen operation, which may be one of the opening.
 */
final class PowerCutRun {

  private static final int WRITERS = 4;

  /** A new store follows after so many cuts, so that creation is hit as well. */
  private static final int CUTS_OF_A_STORE = 20;

  private static final int MOST_OPERATIONS = 600;
  private static final int OPERATIONS_OF_AN_OPENING = 60;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * Both kinds of journal that leave the data out, and a kernel that writes by itself or hardly.
   */
  private static final List<String> MOUNT_OPTIONS =
      List.of("data=ordered", "data=writeback,commit=300", "data=ordered,nodelalloc");

  private final Ext4Image image;
  private final EngineOptions options;
  private final long seed;
  private final Random random;
  private final AtomicLong operationsLeft = new AtomicLong();
  private final Map<OperationType, Integer> cutAt =
      Collections.synchronizedMap(new EnumMap<>(OperationType.class));
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<PowerCutWriter> writers = new ArrayList<>();

  private Path directory;
  private volatile boolean cut;
  private int cuts;
  private int checks;
  private long acknowledgedBefore;
  private long lost;

  PowerCutRun(Ext4Image image, Durability durability, long seed) {
    this.image = image;
    this.seed = seed;
    this.random = new Random(seed);
    this.options =
        EngineOptions.DEFAULT
            .withDurability(durability)
            .withSegmentBytes(32 << 10)
            .withSnapshotBytes(64 << 10)
            .withLongestLoggedBytes(2 << 10)
            .withCompaction(
                CompactionOptions.DEFAULT.withInterval(Duration.ofMillis(5)).withThreshold(2));
  }

  /** How many acknowledged writes were gone. */
  long lost() {
    return lost;
  }

  /** Cuts the power so many times, and looks at the store once more. */
  void cut(int times) throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      if (cuts % CUTS_OF_A_STORE == 0) {
        checkAtLeisure();
        beginStore();
      }
      runUntilCut();
      cuts++;
      image.powerUp(MOUNT_OPTIONS.get(random.nextInt(MOUNT_OPTIONS.size())));
    }
    checkAtLeisure();
  }

  private void beginStore() {
    directory = image.place().resolve("store-" + cuts);
    acknowledgedBefore += acknowledgedByWriters();
    writers.clear();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new PowerCutWriter("writer-" + i, random.nextLong(), () -> !cut));
    }
  }

  /** One life of the store: from an opening to a power cut. */
  private void runUntilCut() {
    cut = false;
    boolean duringOpening = random.nextInt(5) == 0;
    if (duringOpening) {
      operationsLeft.set(1 + random.nextInt(OPERATIONS_OF_AN_OPENING));
    }
    try (SegmentedStore store = open()) {
      check(store);
      if (!duringOpening) {
        operationsLeft.set(1 + random.nextInt(MOST_OPERATIONS));
      }
      use(store);
    } catch (StoreException e) {
      if (!cut) {
        throw e;
      }
    }
    assertThat(failures).as(this::toString).isEmpty();
    assertThat(cut).as("the power was cut").isTrue();
  }

  private SegmentedStore open() {
    try {
      NioDisk disk = NioDisk.open(directory, true);
      return SegmentedStore.open(
          new WatchedDisk(disk, this::before, true), options, EngineThreads.start());
    } catch (IOException e) {
      throw new AssertionError("the mounted file system works", e);
    }
  }

  private void before(OperationType type) {
    if (operationsLeft.decrementAndGet() == 0) {
      cut = true;
      cutAt.merge(type, 1, Integer::sum);
      image.cutPower();
    }
  }

  /** Writes, compacts and takes snapshots until nothing works any more. */
  private void use(SegmentedStore store) {
    long above = writers.stream().mapToLong(PowerCutWriter::newestVersion).max().orElse(0);
    List<Thread> threads = new ArrayList<>();
    for (PowerCutWriter writer : writers) {
      threads.add(start(() -> writer.writeUntilTheEnd(store, above)));
    }
    long seed = random.nextLong();
    threads.add(start(() -> maintain(store, new Random(seed))));
    for (Thread thread : threads) {
      await(thread);
    }
  }

  private Thread start(Runnable task) {
    return Thread.ofPlatform()
        .daemon()
        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
        .start(task);
  }

  private static void await(Thread thread) {
    try {
      assertThat(thread.join(PATIENCE)).as("the thread ends after the power cut").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this test", e);
    }
  }

  private void maintain(SegmentedStore store, Random choice) {
    boolean running = true;
    while (running && !cut) {
      try {
        if (choice.nextBoolean()) {
          store.compact(ProgressListener.NONE);
        } else {
          store.snapshot();
        }
      } catch (StoreException e) {
        running = false;
      }
    }
  }

  private void checkAtLeisure() {
    if (!writers.isEmpty()) {
      try (SegmentedStore store = open()) {
        check(store);
        assertThat(store.verify(ProgressListener.NONE).damages()).as(this::toString).isEmpty();
      }
    }
  }

  /** Compares with what was acknowledged. A cut in the middle leaves everything as it was. */
  private void check(SegmentedStore store) {
    List<SortedMap<Key, Stored>> found = new ArrayList<>();
    for (PowerCutWriter writer : writers) {
      found.add(writer.found(store));
    }
    long keys = store.count(KeyRange.all());
    long kept = 0;
    long gone = Long.MAX_VALUE;
    for (int i = 0; i < writers.size(); i++) {
      WriterRecord record = writers.get(i).record();
      Optional<WriterRecord.Outcome> outcome = record.judge(found.get(i));
      assertThat(outcome).as("%s: found %s; %s", this, found.get(i), record).isPresent();
      lost += outcome.get().lost();
      kept = Math.max(kept, outcome.get().kept());
      gone = Math.min(gone, outcome.get().gone());
    }
    assertThat(kept)
        .as("%s: what is left is a prefix: %s; %s", this, found, records())
        .isLessThan(gone);
    assertThat(keys).as("%s: keys", this).isEqualTo(found.stream().mapToInt(Map::size).sum());
    for (int i = 0; i < writers.size(); i++) {
      writers.get(i).record().settle(found.get(i));
    }
    checks++;
  }

  private List<WriterRecord> records() {
    return writers.stream().map(PowerCutWriter::record).toList();
  }

  /** How many writes were acknowledged. */
  long acknowledged() {
    return acknowledgedBefore + acknowledgedByWriters();
  }

  private long acknowledgedByWriters() {
    return writers.stream().mapToLong(PowerCutWriter::writes).sum();
  }

  @Override
  public String toString() {
    return "seed %d: %d cuts (at %s), %d checks, %d acknowledged writes, %d of them lost"
        .formatted(seed, cuts, cutAt, checks, acknowledged(), lost);
  }
}
