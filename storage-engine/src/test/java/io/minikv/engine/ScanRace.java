package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Version;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.NioDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Cursors on real files beside threads that write, compact, take snapshots and damage key files.
 * Writers are held up only while a cursor is opened and the model is copied.
 */
final class ScanRace {

  private static final int WRITERS = 2;
  private static final int READERS = 2;
  private static final int SCANS = 30;
  private static final int KEYS_OF_WRITER = 150;

  private final long seed;
  private final Path directory;
  private final MutableClock clock = new MutableClock();
  private final EngineOptions options =
      Stores.SMALL_SEGMENTS
          .withSegmentBytes(16 << 10)
          .withClock(clock)
          .withDurability(Durability.OS)
          .withSnapshotBytes(64 << 10)
          .withCompaction(
              CompactionOptions.DEFAULT
                  .withInterval(Duration.ofMillis(5))
                  .withThreshold(2)
                  .withDeadRatio(0.2));
  private final ConcurrentSkipListMap<Key, Stored> model = new ConcurrentSkipListMap<>();

  /** Shared by writers from a write to its note in the model; exclusive for opening a cursor. */
  private final ReadWriteLock noting = new ReentrantReadWriteLock(true);

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong shown = new AtomicLong();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  ScanRace(long seed, Path directory) {
    this.seed = seed;
    this.directory = directory;
  }

  /**
   * Runs it; returns how many entries were shown.
   *
   * @throws AssertionError when a cursor showed anything else than the model
   */
  long run() throws InterruptedException {
    try (SegmentedStore store = SegmentedStore.open(directory, options)) {
      List<Thread> others = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        Random random = new Random(seed + number);
        others.add(start(() -> repeat(() -> write(store, number, random))));
      }
      Random maintenance = new Random(seed + WRITERS);
      others.add(start(() -> repeat(() -> maintain(store, maintenance))));
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random random = new Random(-seed - i);
        readers.add(start(() -> read(store, random)));
      }
      join(readers);
      stop.set(true);
      join(others);
    }
    if (!failures.isEmpty()) {
      AssertionError error = new AssertionError("-Dminikv.test.seed=" + seed);
      failures.forEach(error::addSuppressed);
      throw error;
    }
    return shown.get();
  }

  private Thread start(Action action) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            action.run();
          } catch (Throwable e) {
            failures.add(e);
          }
        });
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void repeat(Action action) throws IOException {
    while (!stop.get() && failures.isEmpty()) {
      action.run();
    }
  }

  private void write(SegmentedStore store, int writer, Random random) {
    Key key = Key.of("%c-%d".formatted('a' + writer, random.nextInt(KEYS_OF_WRITER)));
    noting.readLock().lock();
    try {
      if (random.nextInt(4) == 0) {
        store.delete(key);
        model.remove(key);
      } else {
        Mutation.Put put = new RandomMutations(random, clock).put(key, random.nextInt(300));
        Optional<Version> version = store.write(put).version();
        long expiresAt = new RandomMutations(random, clock).expiresAtMillis(put);
        model.put(
            key,
            new Stored(put.value(), put.attributes(), expiresAt, version.orElseThrow().sequence()));
      }
    } finally {
      noting.readLock().unlock();
    }
  }

  private void maintain(SegmentedStore store, Random random) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> store.compact(ProgressListener.NONE);
      case 1 -> store.snapshot();
      case 2 -> damage(random);
      default -> store.compactDue();
    }
  }

  private void damage(Random random) throws IOException {
    Disk disk = NioDisk.open(directory, false);
    List<String> names = disk.list().stream().filter(FileNames::isOfKeys).toList();
    if (!names.isEmpty()) {
      try {
        BitFlips.flip(disk, names.get(random.nextInt(names.size())), random);
      } catch (NoSuchFileException _) {
        // A compaction came first.
      }
    }
  }

  private void read(SegmentedStore store, Random random) {
    for (int scan = 0; scan < SCANS && failures.isEmpty(); scan++) {
      ScanOptions scanned = ScanOptions.DEFAULT;
      scanned = random.nextBoolean() ? scanned.backwards() : scanned;
      scanned = random.nextInt(3) == 0 ? scanned.keysOnly() : scanned;
      KeyRange range = random.nextInt(3) == 0 ? KeyRange.prefix("b-") : KeyRange.all();
      CheckedCursor cursor = open(store, range, scanned);
      cursor.finish();
      shown.addAndGet(cursor.shown());
    }
  }

  private CheckedCursor open(SegmentedStore store, KeyRange range, ScanOptions scanned) {
    noting.writeLock().lock();
    try {
      NavigableMap<Key, Stored> content = new TreeMap<>(model);
      content.values().removeIf(stored -> !stored.isLiveAt(clock.millis()));
      content.keySet().removeIf(key -> !range.contains(key));
      return new CheckedCursor(
          scanned + " of " + range, store.scan(range, scanned), content, scanned);
    } finally {
      noting.writeLock().unlock();
    }
  }

  /** What a thread does. */
  @FunctionalInterface
  private interface Action {

    void run() throws IOException;
  }
}
