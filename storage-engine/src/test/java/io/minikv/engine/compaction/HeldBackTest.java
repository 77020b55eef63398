package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What had to be copied is not tried again before the segments have gone that were in its way. */
class HeldBackTest {

  private final SegmentSet segments = new SegmentSet();
  private final HeldBack heldBack = new HeldBack();
  private Segment holder;
  private Segment firstBlocker;
  private Segment secondBlocker;

  @BeforeEach
  void holdBack() throws IOException {
    Segments created = new Segments();
    holder = created.create(7, 0, 0);
    firstBlocker = created.create(3, 0, 0);
    secondBlocker = created.create(4, 0, 0);
    List.of(holder, firstBlocker, secondBlocker).forEach(segments::add);
    heldBack.add(7, 1_000, Set.of(3L, 4L));
  }

  @Test
  void it_counts_while_any_segment_is_in_its_way() {
    segments.replace(List.of(firstBlocker), List.of());

    assertThat(heldBack.release(segments)).isEmpty();
    assertThat(heldBack.bytes(holder)).isEqualTo(1_000);
    assertThat(heldBack.bytes(secondBlocker)).isZero();
  }

  @Test
  void it_is_released_once_when_all_of_them_have_gone() {
    segments.replace(List.of(firstBlocker, secondBlocker), List.of());

    assertThat(heldBack.release(segments)).containsExactly(7L);
    assertThat(heldBack.bytes(holder)).isZero();
    assertThat(heldBack.release(segments)).isEmpty();
  }

  @Test
  void it_is_forgotten_with_the_segment_that_holds_it() {
    segments.replace(List.of(holder, firstBlocker, secondBlocker), List.of());

    assertThat(heldBack.release(segments)).isEmpty();
    assertThat(heldBack.bytes(holder)).isZero();
  }
}
