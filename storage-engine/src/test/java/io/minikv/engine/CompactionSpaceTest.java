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
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.time.Duration;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much space a store takes, and what it can do without any. */
@Timeout(60)
class CompactionSpaceTest {

  private static final int KEYS = 600;
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final String FILLER = "x".repeat(150);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final EngineOptions options = Stores.SMALL_SEGMENTS.withSegmentBytes(SEGMENT_BYTES);

  @Test
  void a_store_that_is_overwritten_in_order_stays_below_twice_its_live_data() {
    assertBounded(write -> write % KEYS);
  }

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
}
