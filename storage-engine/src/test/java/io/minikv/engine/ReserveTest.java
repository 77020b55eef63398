package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.minikv.domain.Key;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.engine.io.SimulatedDisk;
import org.junit.jupiter.api.Test;

/** How much of a disk is kept for deletes and compactions when puts have filled it. */
class ReserveTest {

  private static final int CAPACITY = 1_000_000;
  private static final int SEGMENT_BYTES = 4 << 10;
  private static final String VALUE = "x".repeat(1_000);

  private final SimulatedDisk disk =
      new SimulatedDisk(new SimulatedDisk.Properties(CAPACITY, true));

  @Test
  void so_many_segments_are_kept() {
    for (int life = 0; life < 2; life++) {
      assertThat(reserve(16)).isEqualTo(16 * SEGMENT_BYTES);
    }
  }

  @Test
  void an_eighth_is_kept_at_the_most_of_what_is_free_and_what_the_store_has() {
    for (int life = 0; life < 2; life++) {
      assertThat(reserve(64)).isBetween(CAPACITY / 9L, CAPACITY / 8L + SEGMENT_BYTES);
    }
  }

  /** Fills the disk; returns how much is kept, as the last put is told, after a delete. */
  private long reserve(int segments) {
    EngineOptions options = Stores.SMALL_SEGMENTS.withReserveSegments(segments);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      NotWritableException refusal =
          catchThrowableOfType(NotWritableException.class, () -> fill(store));
      assertThat(refusal.reason()).isEqualTo(Reason.DISK_FULL);
      assertThat(refusal)
          .hasMessageMatching(
              "The disk is full \\(the last \\d+ bytes are kept for deletes and compactions\\)\\."
                  + " Writes go on when there is space again\\.");
      store.delete(Key.of("key-0"));
      assertThat(store.exists(Key.of("key-0"))).isFalse();
      return Long.parseLong(refusal.getMessage().replaceAll("\\D", ""));
    }
  }

  private static void fill(SegmentedStore store) {
    for (int i = 0; i < CAPACITY / 1_000; i++) {
      put(store, "key-" + i, VALUE);
    }
  }
}
