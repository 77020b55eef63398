package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyRange.Bound;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random traffic on one thread, with several cursors that are moved in between. Each must show
 * exactly what a model held when it was opened. Bits of key files flip at any time, which must not
 * be seen by anybody.
 */
final class ScanScenario {

  private static final int STEPS = 600;
  private static final int MOST_CURSORS = 4;
  private static final int LONGEST_LOGGED_BYTES = 300;
  private static final List<Durability> DURABILITIES = List.of(Durability.values());

  /**
   * Keys that begin with each other, bytes that are negative as a signed number, and long keys, so
   * that key files have several blocks.
   */
  private static final String[] STEMS = {
    "a", "a\0", "a\0\0", "b" + "-".repeat(300), "c", "c" + "-".repeat(500), "\u00ff"
  };

  private final Random random;
  private final MutableClock clock = new MutableClock();
  private final RandomMutations chosen;
  private final Disk disk;
  private final Path checkpoints;
  private final EngineOptions options;
  private final NavigableMap<Key, Stored> model = new TreeMap<>();
  private final List<CheckedCursor> cursors = new ArrayList<>();
  private SegmentedStore store;
  private int checkpointCount;
  private int step;
  private long shown;

  /**
   * On an empty disk.
   *
   * @param checkpoints below this directory they are made
   */
  ScanScenario(long seed, Disk disk, Path checkpoints) {
    this.random = new Random(seed);
    this.chosen = new RandomMutations(random, clock);
    this.disk = disk;
    this.checkpoints = checkpoints;
    this.options =
        Stores.SMALL_SEGMENTS
            .withSegmentBytes((4L << 10) << random.nextInt(3))
            .withClock(clock)
            .withDurability(DURABILITIES.get(random.nextInt(DURABILITIES.size())))
            .withLongestLoggedBytes(LONGEST_LOGGED_BYTES)
            .withSnapshotBytes(16 << 10)
            .withCompaction(CompactionOptions.ON_DEMAND.withThreshold(2).withDeadRatio(0.2));
    this.store = open();
  }

  private SegmentedStore open() {
    return SegmentedStore.open(disk, options, EngineThreads.NONE);
  }

  /**
   * Runs it; returns how many entries cursors have shown.
   *
   * @throws AssertionError when one shows anything else than the model
   */
  long run() throws IOException {
    try {
      for (step = 0; step < STEPS; step++) {
        change();
        moveCursor();
      }
      cursors.forEach(CheckedCursor::finish);
      return shown + cursors.stream().mapToLong(CheckedCursor::shown).sum();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("step " + step + ": " + e, e);
    } finally {
      store.close();
    }
  }

  private void change() throws IOException {
    int choice = random.nextInt(100);
    if (choice < 35) {
      write(List.of(chosen.put(key(), random.nextInt(200))));
    } else if (choice < 50) {
      write(List.of(Mutation.Delete.of(key())));
    } else if (choice < 57) {
      write(batch());
    } else if (choice < 61) {
      stream();
    } else if (choice < 64) {
      clock.advance(Duration.ofSeconds(random.nextInt(40)));
    } else if (choice < 80) {
      openCursor();
    } else if (choice < 84) {
      count();
    } else if (choice < 87) {
      store.compact(ProgressListener.NONE);
    } else if (choice < 91) {
      store.compactDue();
    } else if (choice < 92) {
      store.checkpoint(checkpoints.resolve("checkpoint-" + checkpointCount++));
    } else if (choice < 94) {
      store.snapshot();
    } else if (choice < 98) {
      damageKeyFiles();
    } else {
      reopen();
    }
  }

  // ---- writes

  private Key key() {
    String stem = STEMS[random.nextInt(STEMS.length)];
    int number = random.nextInt(10);
    return Key.of(number == 0 ? stem : stem + number);
  }

  private List<Mutation> batch() {
    NavigableMap<Key, Mutation> batch = new TreeMap<>();
    for (int i = 0; i < 2 + random.nextInt(4); i++) {
      Key key = key();
      batch.put(
          key,
          random.nextInt(3) == 0 ? Mutation.Delete.of(key) : chosen.put(key, random.nextInt(200)));
    }
    return List.copyOf(batch.values());
  }

  private void write(List<Mutation> mutations) {
    Optional<Version> version =
        mutations.size() == 1
            ? store.write(mutations.getFirst()).version()
            : store.write(new WriteBatch(mutations)).version();
    mutations.forEach(mutation -> apply(mutation, version));
  }

  private void stream() {
    Mutation.Put put = chosen.put(key(), 2 * random.nextInt(LONGEST_LOGGED_BYTES));
    try (ValueWriter writer =
        store.openWriter(put.key(), put.attributes(), put.expiry(), put.condition())) {
      writer.write(put.value().asByteBuffer());
      apply(put, writer.commit(Durability.OS).version());
    }
  }

  private void apply(Mutation mutation, Optional<Version> version) {
    if (mutation instanceof Mutation.Put put) {
      long sequence = version.orElseThrow().sequence();
      model.put(
          put.key(),
          new Stored(put.value(), put.attributes(), chosen.expiresAtMillis(put), sequence));
    } else {
      model.remove(mutation.key());
    }
  }

  // ---- reads

  private NavigableMap<Key, Stored> live(KeyRange range) {
    NavigableMap<Key, Stored> live = new TreeMap<>();
    model.forEach((key, stored) -> {
      if (range.contains(key) && stored.isLiveAt(clock.millis())) {
        live.put(key, stored);
      }
    });
    return live;
  }

  private KeyRange range() {
    return switch (random.nextInt(5)) {
      case 0 -> KeyRange.prefix(STEMS[random.nextInt(STEMS.length)]);
      case 1 -> new KeyRange(bound(), bound());
      case 2 -> new KeyRange(bound(), Optional.empty());
      case 3 -> new KeyRange(Optional.empty(), bound());
      default -> KeyRange.all();
    };
  }

  private Optional<Bound> bound() {
    return Optional.of(new Bound(key(), random.nextBoolean()));
  }

  private void count() {
    KeyRange range = range();
    long expected = live(range).size();
    long found = store.count(range);
    if (found != expected) {
      throw new AssertionError("%s has %d keys, not %d".formatted(range, found, expected));
    }
  }

  private void openCursor() {
    if (cursors.size() == MOST_CURSORS) {
      CheckedCursor ended = cursors.removeFirst();
      if (random.nextBoolean()) {
        ended.finish();
      } else {
        ended.close();
      }
      shown += ended.shown();
    }
    KeyRange range = range();
    ScanOptions scan = ScanOptions.DEFAULT;
    scan = random.nextInt(2) == 0 ? scan.backwards() : scan;
    scan = random.nextInt(3) == 0 ? scan.limitedTo(random.nextInt(20)) : scan;
    scan = random.nextInt(3) == 0 ? scan.keysOnly() : scan;
    String opened = "the cursor of step %d over %s, %s".formatted(step, range, scan);
    cursors.add(new CheckedCursor(opened, store.scan(range, scan), live(range), scan));
  }

  /** One of them, so that others rest for a while. */
  private void moveCursor() {
    if (!cursors.isEmpty()) {
      CheckedCursor cursor = cursors.get(random.nextInt(cursors.size()));
      int moves = random.nextInt(12);
      for (int i = 0; i < moves; i++) {
        cursor.move();
      }
    }
  }

  // ---- what happens to a store

  /** One bit of one of them, or some in all blocks of all of them. */
  private void damageKeyFiles() throws IOException {
    List<String> names = disk.list().stream().filter(FileNames::isOfKeys).sorted().toList();
    if (!names.isEmpty() && random.nextBoolean()) {
      BitFlips.flip(disk, names.get(random.nextInt(names.size())), random);
    } else {
      for (String name : names) {
        BitFlips.flipEverywhere(disk, name, 1000);
      }
    }
  }

  /** Cursors end with their store. */
  private void reopen() throws IOException {
    store.close();
    for (CheckedCursor cursor : cursors) {
      cursor.requireEnded(StoreClosedException.class);
      cursor.close();
      shown += cursor.shown();
    }
    cursors.clear();
    if (random.nextBoolean()) {
      damageKeyFiles();
    }
    store = open();
  }
}
