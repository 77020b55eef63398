package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.engine.io.DiskFile.Pieces;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.io.WatchedDisk;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which pieces the log asks for space: a force of every write wants small ones. */
class AllocationPiecesTest {

  private static final int WRITES = 200;
  private static final String VALUE = "v".repeat(10_000);

  /** More than what is allocated before it is known how often a segment will be forced. */
  private static final int SEGMENT_BYTES = 256 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Set<Pieces> askedFor = EnumSet.noneOf(Pieces.class);

  @Test
  void a_store_that_forces_every_write_asks_for_small_pieces_in_all_segments_of_the_log() {
    fillSegments(Durability.ALWAYS);
    assertThat(askedFor).containsExactly(Pieces.SMALL);
  }

  @Test
  void it_does_so_after_it_was_opened_again() {
    fillSegments(Durability.OS);
    askedFor.clear();
    fillSegments(Durability.ALWAYS);
    assertThat(askedFor).containsExactly(Pieces.SMALL);
  }

  @ParameterizedTest
  @EnumSource(names = "ALWAYS", mode = EnumSource.Mode.EXCLUDE)
  void a_store_that_forces_now_and_then_asks_for_large_pieces(Durability durability) {
    fillSegments(durability);
    assertThat(askedFor).contains(Pieces.LARGE);
  }

  private void fillSegments(Durability durability) {
    WatchedDisk watched = new WatchedDisk(disk, new Asking(askedFor), true);
    EngineOptions options =
        Stores.SMALL_SEGMENTS.withSegmentBytes(SEGMENT_BYTES).withDurability(durability);
    try (SegmentedStore store = SegmentedStore.open(watched, options, EngineThreads.NONE)) {
      int before = store.statistics().segments().size();
      for (int i = 0; i < WRITES; i++) {
        put(store, "key-" + i, VALUE);
      }
      assertThat(store.statistics().segments().size()).isGreaterThan(before + 2);
    }
  }

  /** Notes what is asked for. */
  private record Asking(Set<Pieces> pieces) implements WatchedDisk.Watch {

    @Override
    public void before(OperationType type) {}

    @Override
    public void beforeAllocation(Pieces asked) {
      pieces.add(asked);
    }
  }
}
