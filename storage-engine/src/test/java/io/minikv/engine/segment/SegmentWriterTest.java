package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How much space a segment has ahead of what is written. */
class SegmentWriterTest {

  private static final long MEBIBYTE = 1 << 20;
  private static final long SEGMENT_BYTES = 64 * MEBIBYTE;

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void a_segment_that_will_be_filled_wants_a_quarter_of_it_ahead_from_the_beginning()
      throws IOException {
    SegmentWriter writer = create();
    writer.expectToBeFilled();
    writer.reserveAhead(writer.sizeToBeginWith());
    assertThat(writer.takenBytes()).isEqualTo(SEGMENT_BYTES / 8);
    assertThat(writer.isShortOfSpace()).isTrue();

    writer.reserveAhead(writer.sizeAhead());

    assertThat(writer.takenBytes()).isBetween(16 * MEBIBYTE, 18 * MEBIBYTE);
    assertThat(writer.isShortOfSpace()).isFalse();
  }

  @Test
  void the_first_segment_of_a_store_takes_space_only_as_it_fills() throws IOException {
    SegmentWriter writer = create();
    writer.reserve(1);
    assertThat(writer.takenBytes()).isLessThan(MEBIBYTE);
    assertThat(writer.isShortOfSpace()).isFalse();
  }

  @Test
  void a_small_segment_keeps_no_more_ahead_than_a_quarter_of_it() throws IOException {
    SegmentWriter writer = create(MEBIBYTE);
    writer.expectToBeFilled();
    writer.reserveAhead(writer.sizeAhead());
    assertThat(writer.takenBytes()).isBetween(MEBIBYTE / 4, MEBIBYTE / 4 + SegmentHeader.LENGTH);
  }

  private SegmentWriter create() throws IOException {
    return create(SEGMENT_BYTES);
  }

  private SegmentWriter create(long segmentBytes) throws IOException {
    SegmentHeader header = new SegmentHeader(SegmentHeader.Kind.LOG, new StoreId(1, 2), 1, 0);
    SegmentWriter writer = SegmentWriter.create(disk, header, segmentBytes);
    writer.expectRareForces();
    return writer;
  }
}
