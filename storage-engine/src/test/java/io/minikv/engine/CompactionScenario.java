package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * What a compaction must leave alone: a record that hides an older one of its key in a segment that
 * is left out, and a value file that a cursor shows.
 */
final class CompactionScenario {

  private static final Key KEY = Key.of("hidden");
  private static final Value FILLER = Value.wrap(new byte[200]);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final MutableClock clock = new MutableClock();
  private final EngineOptions options =
      EngineOptions.DEFAULT
          .withClock(clock)
          .withDurability(Durability.OS)
          .withSegmentBytes(4 << 10)
          .withCompaction(CompactionOptions.ON_DEMAND.withThreshold(1).withDeadRatio(0.4));

  /** A deleted key must stay so when its tombstone was in the segment. */
  void deleteAndCompact() throws IOException {
    run(Mutation.Delete.of(KEY));
  }

  /** A key that has expired must stay so when the record that expired was in the segment. */
  void expireAndCompact() throws IOException {
    run(Mutation.Put.of(KEY, FILLER).with(Expiry.after(Duration.ofSeconds(1))));
  }

  /** A cursor that shows a value in a file of its own goes on to do so. */
  void readValueFileAcrossCompaction() {
    EngineOptions streaming = options.withLongestLoggedBytes(0);
    try (SegmentedStore store = SegmentedStore.open(disk, streaming, EngineThreads.NONE)) {
      try (ValueWriter writer =
          store.openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always())) {
        writer.write(ByteBuffer.wrap(new byte[1_000]));
        writer.commit(Durability.OS);
      }
      store.put(Key.of("overwritten"), FILLER);
      store.put(Key.of("overwritten"), FILLER);
      store.compact(ProgressListener.NONE); // Moves the record that names the file.
      try (Cursor cursor = store.scan(KeyRange.prefix("hidden"))) {
        cursor.next();
        store.put(KEY, FILLER);
        store.compact(ProgressListener.NONE);
        if (cursor.value().length() != 1_000) {
          throw new AssertionError("Another value was read.");
        }
      } catch (DamagedDataException e) {
        throw new AssertionError("The value went while it was needed.", e);
      }
    }
  }

  private void run(Mutation hiding) throws IOException {
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      store.put(KEY, FILLER);
      int others = 0;
      while (segments(store).size() == 1) {
        store.put(Key.of("live-" + others++), FILLER);
      }
      final long first = segments(store).getFirst().number();
      store.write(hiding);
      final long second = segments(store).getLast().number();
      while (segments(store).size() < 4) {
        store.put(Key.of("overwritten"), FILLER);
      }
      clock.advance(Duration.ofMinutes(1));
      if (store.compactDue().isEmpty()) {
        throw new IllegalStateException("Nothing was compacted, so that nothing is shown.");
      }
      List<Long> numbers = segments(store).stream().map(SegmentStatistics::number).toList();
      if (!numbers.contains(first) || numbers.contains(second)) {
        throw new IllegalStateException("Other segments were compacted: " + numbers + " are left.");
      }
    }
    removeSnapshots();
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      if (store.get(KEY).isPresent()) {
        throw new AssertionError("A key came back whose older record was left where it was.");
      }
    }
  }

  private static List<SegmentStatistics> segments(SegmentedStore store) {
    return store.statistics().segments();
  }

  private void removeSnapshots() throws IOException {
    for (String name : disk.list()) {
      if (FileNames.isSnapshot(name)) {
        disk.delete(name);
      }
    }
  }
}
