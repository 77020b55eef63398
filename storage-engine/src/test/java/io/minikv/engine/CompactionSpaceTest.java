package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much space a store takes, and what it can do without any. */
@Timeout(60)
class CompactionSpaceTest {

  private static final int KEYS = 600;
  private static final int FEW_KEYS = 50;

  /** Beyond those of the log, and before the end of the first group. */
  private static final int FULL_AT_SEGMENT = 4;

  private static final int SEGMENT_BYTES = 16 << 10;
  private static final String FILLER = "x".repeat(150);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final EngineOptions options = Stores.SMALL_SEGMENTS.withSegmentBytes(SEGMENT_BYTES);

  @Tag("lengthy")
  @Test
  void a_store_that_is_overwritten_in_order_stays_below_twice_its_live_data() {
    assertBounded(write -> write % KEYS);
  }

  @Tag("lengthy")
  @Test
  void a_store_that_is_overwritten_at_random_stays_below_twice_its_live_data() {
    Random random = new Random(7);
    assertBounded(write -> write < KEYS ? write : random.nextInt(KEYS));
  }

  private void assertBounded(IntUnaryOperator keyOfWrite) {
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      long most = 0;
      for (int write = 0; write < 21 * KEYS; write++) {
        put(store, "key-" + keyOfWrite.applyAsInt(write), FILLER);
        if (write % 50 == 0) {
          store.compactDue();
          long bytes = store.statistics().diskBytes();
          long bound = 2 * store.statistics().liveBytes() + 2 * SEGMENT_BYTES;
          assertThat(bytes).as("after %d writes", write).isLessThan(bound);
          most = Math.max(most, bytes);
        }
      }
      assertThat(most).isPositive();
      assertThat(store.count(KeyRange.all())).isEqualTo(KEYS);
    }
  }

  @Test
  void nothing_is_left_of_a_store_in_which_everything_was_deleted_or_has_expired() {
    MutableClock clock = new MutableClock();
    try (SegmentedStore store =
        SegmentedStore.open(disk, options.withClock(clock), EngineThreads.NONE)) {
      for (int i = 0; i < KEYS; i++) {
        put(store, "deleted-" + i, FILLER);
        store.write(
            Mutation.Put.of(Key.of("expired-" + i), Value.of(FILLER))
                .with(Expiry.after(Duration.ofSeconds(1))));
      }
      for (int i = 0; i < KEYS; i++) {
        store.delete(Key.of("deleted-" + i));
      }
      clock.advance(Duration.ofSeconds(2));

      store.compact(ProgressListener.NONE);

      assertThat(store.statistics().keys()).isZero();
      assertThat(store.statistics().segments().stream().mapToLong(each -> each.sizeBytes()).sum())
          .isLessThan(1000);
    }
    try (SegmentedStore reopened = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      assertThat(reopened.count(KeyRange.all())).isZero();
    }
  }

  @Test
  void expired_records_go_in_the_background_too() {
    MutableClock clock = new MutableClock();
    try (SegmentedStore store =
        SegmentedStore.open(disk, options.withClock(clock), EngineThreads.NONE)) {
      for (int i = 0; i < KEYS; i++) {
        store.write(
            Mutation.Put.of(Key.of("expired-" + i), Value.of(FILLER))
                .with(Expiry.after(Duration.ofSeconds(1))));
      }
      assertThat(store.compactDue()).isEmpty();
      clock.advance(Duration.ofSeconds(2));

      assertThat(store.compactDue()).isPresent();

      assertThat(store.statistics().segments()).hasSizeLessThan(3);
      assertThat(store.compactDue()).isEmpty();
    }
  }

  @Test
  void a_full_disk_refuses_puts_but_reads_deletes_and_compacts_and_then_takes_puts_again() {
    SimulatedDisk small = new SimulatedDisk(new SimulatedDisk.Properties(80 * SEGMENT_BYTES, true));
    try (SegmentedStore store =
        SegmentedStore.open(small, options.withReserveSegments(8), EngineThreads.NONE)) {
      int written = fill(store);
      assertThat(store.health().writable()).isFalse();
      assertThat(text(store, "key-0")).contains(FILLER);
      for (int i = 0; i < 150; i++) {
        store.delete(Key.of("key-" + i));
      }
      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(() -> fillMore(store))
          .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason);

      store.compact(ProgressListener.NONE);

      put(store, "again", FILLER);
      assertThat(store.health().writable()).isTrue();
      assertThat(text(store, "key-" + (written - 1))).contains(FILLER);
      assertThat(store.exists(Key.of("key-0"))).isFalse();
    }
  }

  @Tag("lengthy")
  @Test
  void a_compaction_makes_do_with_the_space_of_some_segments() {
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < KEYS; i++) {
          put(store, "key-" + i, round > 0 && i % 2 == 0 ? "short" : FILLER);
          put(store, "with-a-longer-key-" + "x".repeat(100) + i, "short");
        }
      }
    }
    DiskImage image = disk.processKill();
    long used = image.names().stream().mapToLong(name -> image.bytes(name).length).sum();
    for (int free = 3 * SEGMENT_BYTES; free < 9 * SEGMENT_BYTES; free += 3000) {
      SimulatedDisk small = SimulatedDisk.from(image);
      try (SegmentedStore store = SegmentedStore.open(small, options, EngineThreads.NONE)) {
        small.setCapacity(used + free);
        assertThat(store.compact(ProgressListener.NONE).droppedRecords())
            .as("dropped with %d free bytes", free)
            .isGreaterThanOrEqualTo(2 * KEYS);
        assertThat(store.count(KeyRange.all())).isEqualTo(2 * KEYS);
      }
    }
  }

  @Test
  void a_group_that_fills_the_disk_is_tried_again_in_halves() {
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      for (int i = 0; i < 2 * KEYS; i++) {
        put(store, "key-" + i % KEYS, i % 2 == 0 ? "short" : FILLER);
      }
      AtomicInteger segments = new AtomicInteger();
      disk.listen(
          new DiskListener() {
            @Override
            public void before(Operation operation) throws IOException {
              if (operation.type() == OperationType.CREATE
                  && operation.file().endsWith(".log")
                  && segments.incrementAndGet() == FULL_AT_SEGMENT) {
                throw new DiskFullException("no space for " + operation);
              }
            }
          });

      assertThat(store.compact(ProgressListener.NONE).droppedRecords()).isGreaterThan(KEYS / 2);

      assertThat(segments.get()).isGreaterThan(FULL_AT_SEGMENT);
      assertThat(store.count(KeyRange.all())).isEqualTo(KEYS);
      assertThat(store.health().writable()).isTrue();
    }
  }

  private static int fill(SegmentedStore store) {
    int written = 0;
    while (true) {
      try {
        put(store, "key-" + written, FILLER);
        written++;
      } catch (NotWritableException e) {
        assertThat(e.reason()).isEqualTo(NotWritableException.Reason.DISK_FULL);
        return written;
      }
    }
  }

  private static void fillMore(SegmentedStore store) {
    for (int i = 0; i < KEYS; i++) {
      put(store, "more-" + i, FILLER);
    }
  }

  @Test
  void a_store_that_was_killed_on_a_full_disk_opens_without_its_index_snapshot() {
    SimulatedDisk plain = new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
    DiskImage killed;
    try (SegmentedStore store = SegmentedStore.open(plain, options, EngineThreads.NONE)) {
      for (int i = 0; i < FEW_KEYS; i++) {
        put(store, "key-" + i, "short");
      }
      store.snapshot();
      put(store, "last", "short");
      killed = plain.processKill();
    }
    assertThat(killed.names()).noneMatch(name -> FileNames.keysNumber(name).isPresent());
    SimulatedDisk full = SimulatedDisk.from(killed);
    full.setCapacity(killed.names().stream().mapToLong(name -> killed.bytes(name).length).sum());

    try (SegmentedStore store = SegmentedStore.open(full, options, EngineThreads.NONE)) {
      assertThat(store.statistics().recovery().findings())
          .anyMatch(each -> each.contains("index snapshots"));
      assertThat(store.count(KeyRange.all())).isEqualTo(FEW_KEYS + 1);
      assertThat(text(store, "last")).contains("short");
      full.setCapacity(Long.MAX_VALUE);
    }
  }

  @Test
  void a_store_that_was_killed_on_a_full_disk_opens_without_its_key_files() {
    SimulatedDisk plain = new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
    DiskImage killed;
    try (SegmentedStore store = SegmentedStore.open(plain, options, EngineThreads.NONE)) {
      for (int i = 0; i < KEYS; i++) {
        put(store, "key-" + i, FILLER + i);
      }
      killed = plain.processKill();
    }
    SimulatedDisk full = SimulatedDisk.from(killed);
    full.setCapacity(killed.names().stream().mapToLong(name -> killed.bytes(name).length).sum());

    try (SegmentedStore store = SegmentedStore.open(full, options, EngineThreads.NONE)) {
      assertThat(store.statistics().recovery().findings())
          .anyMatch(each -> each.contains("key files"));
      for (int i = 0; i < KEYS; i++) {
        assertThat(text(store, "key-" + i)).contains(FILLER + i);
      }
      assertThat(store.count(KeyRange.all())).isEqualTo(KEYS);
      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(() -> put(store, "new", FILLER.repeat(1_000)))
          .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason);

      full.setCapacity(Long.MAX_VALUE);
      put(store, "new", FILLER);
    }
    try (SegmentedStore store = SegmentedStore.open(full, options, EngineThreads.NONE)) {
      assertThat(store.count(KeyRange.all())).isEqualTo(KEYS + 1);
    }
  }
}
