package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentSetTest {

  private static final StoreId STORE = new StoreId(1, 2);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final SegmentSet segments = new SegmentSet();

  @Test
  void segments_are_found_by_number_and_listed_in_its_order() throws IOException {
    List<Segment> all = new ArrayList<>();
    for (long number : new long[] {33, 1, 17, 2, 49, Integer.MAX_VALUE, 16, 32}) {
      all.add(create(number));
      segments.add(all.getLast());
    }

    for (Segment segment : all) {
      assertThat(segments.get(segment.fileNumber())).isSameAs(segment);
    }
    assertThat(segments.all())
        .extracting(Segment::fileNumber)
        .containsExactly(1L, 2L, 16L, 17L, 32L, 33L, 49L, (long) Integer.MAX_VALUE);
  }

  @Test
  void a_segment_that_is_not_there_is_one_that_was_retired() throws IOException {
    Segment leaving = create(1);
    segments.add(leaving);
    segments.add(create(17));

    segments.replace(List.of(leaving), List.of(create(33)));

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> segments.get(1));
    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> segments.get(2));
    assertThat(segments.get(17).fileNumber()).isEqualTo(17);
    assertThat(segments.get(33).fileNumber()).isEqualTo(33);
  }

  @Test
  void many_segments_fit() throws IOException {
    for (long number = 1; number <= 1000; number++) {
      segments.add(create(number));
    }

    for (long number = 1; number <= 1000; number++) {
      assertThat(segments.get(number).fileNumber()).isEqualTo(number);
    }
    assertThat(segments.all()).hasSize(1000);
  }

  private Segment create(long number) throws IOException {
    SegmentHeader header = new SegmentHeader(SegmentHeader.Kind.LOG, STORE, number, 0);
    return SegmentWriter.create(disk, header, 4096).segment();
  }
}
