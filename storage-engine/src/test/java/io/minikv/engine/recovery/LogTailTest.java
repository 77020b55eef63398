package io.minikv.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules for where a segment ends, one by one. */
class LogTailTest {

  private static final SegmentHeader HEADER =
      new SegmentHeader(SegmentHeader.Kind.LOG, new StoreId(1, 2), 7, 0);
  private static final String NAME = "000000007.log";
  private static final int SPACE = 64 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private SegmentWriter writer;
  private long sequence;

  @BeforeEach
  void createSegment() throws IOException {
    writer = SegmentWriter.create(disk, HEADER, SPACE);
    writer.reserve(SPACE / 2);
  }

  @Test
  void allocated_zeros_behind_the_last_record_are_no_tear() throws IOException {
    put("a", "1");
    long end = put("b", "2");

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isFalse();
    assertThat(tail.isUncertain()).isTrue();
  }

  @Test
  void only_what_a_watermark_tells_is_certain_to_be_durable() throws IOException {
    long durable = put("a", "1");
    watermark(durable, false);

    assertThat(tail(false).durableEnd()).isEqualTo(durable);
    assertThat(tail(false).end()).isEqualTo(writer.position());
    assertThat(tail(false).isUncertain()).isTrue();
  }

  @Test
  void a_segment_without_records_ends_behind_its_header() throws IOException {
    assertThat(tail(false).end()).isEqualTo(SegmentHeader.LENGTH);
  }

  @Test
  void a_record_cut_short_is_torn() throws IOException {
    long end = put("a", "1");
    put("b", "a value of some length");
    zero(end + 40);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
    assertThat(tail.contentEnd()).isLessThanOrEqualTo(end + 40);
  }

  @Test
  void a_value_cut_short_is_torn() throws IOException {
    long end = put("a", "1");
    long last = put("b", "a value of some length");
    zero(last - 8);

    assertThat(tail(false).end()).isEqualTo(end);
    assertThat(tail(false).damagedValues()).isEmpty();
  }

  @Test
  void records_behind_a_torn_one_are_torn_too() throws IOException {
    long end = put("a", "1");
    put("b", "2");
    put("c", "3");
    flip(end + 8);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
  }

  @Test
  void an_incomplete_batch_never_happened() throws IOException {
    long end = put("a", "1");
    append(Mutation.Put.of(Key.of("b"), Value.of("2")), true);
    append(Mutation.Put.of(Key.of("c"), Value.of("3")), true);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
  }

  @Test
  void a_batch_whose_last_record_is_torn_never_happened() throws IOException {
    long end = put("a", "1");
    long second = append(Mutation.Put.of(Key.of("b"), Value.of("2")), true);
    append(Mutation.Put.of(Key.of("c"), Value.of("3")), false);
    flip(second + 5);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void damage_before_the_watermark_is_refused() throws IOException {
    long end = put("a", "1");
    put("b", "2");
    watermark(writer.position(), false);
    put("c", "3");
    flip(end + 8);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> tail(false))
        .withMessage(
            NAME
                + ", at byte "
                + end
                + ", has lost records that were on the disk: its bytes were changed or cut");
  }

  @Test
  void damage_right_behind_the_durable_offset_is_torn() throws IOException {
    put("a", "1");
    long durable = writer.position();
    watermark(durable, false);
    long end = writer.position();
    put("b", "2");
    put("c", "3");
    flip(end + 8);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void a_damaged_value_before_the_watermark_costs_its_key_alone() throws IOException {
    long first = put("a", "1");
    long second = put("b", "a value of some length");
    watermark(writer.position(), false);
    flip(second - 8);

    LogTail tail = tail(false);

    assertThat(tail.damagedValues()).containsExactly(first);
    assertThat(tail.end()).isEqualTo(writer.position());
    assertThat(tail.isTorn()).isFalse();
  }

  @Test
  void a_watermark_that_is_torn_itself_tells_nothing() throws IOException {
    long end = put("a", "1");
    long second = put("b", "2");
    watermark(second, false);
    flip(end + 8);
    flip(second + 24);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void a_segment_that_another_one_follows_was_durable_to_its_seal() throws IOException {
    long end = put("a", "1");
    watermark(SegmentHeader.LENGTH, true);

    assertThat(tail(true).isUncertain()).isFalse();
    assertThat(tail(true).end()).isEqualTo(writer.position());

    flip(end + 4);
    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(true));
  }

  @Test
  void a_followed_segment_without_a_seal_has_lost_its_end() throws IOException {
    put("a", "1");

    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(true));
  }

  @Test
  void what_lies_behind_a_seal_is_torn() throws IOException {
    put("a", "1");
    watermark(SegmentHeader.LENGTH, true);
    long end = writer.position();
    put("b", "2");

    assertThat(tail(true).end()).isEqualTo(end);
    assertThat(tail(true).isTorn()).isTrue();
  }

  @Test
  void a_watermark_far_behind_the_damage_counts() throws IOException {
    long end = put("a", "1");
    for (int i = 0; i < 10; i++) {
      put("b", "x".repeat(2_500));
    }
    watermark(end + 8, false);
    flip(end - 20);
    flip(end + 4);

    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(false));
  }

  // ---- helpers

  private long put(String key, String value) throws IOException {
    return append(Mutation.Put.of(Key.of(key), Value.of(value)), false);
  }

  private long append(Mutation mutation, boolean continues) throws IOException {
    EncodedFrame frame = EncodedFrame.of(mutation, continues);
    frame.stamp(++sequence, 0);
    writer.append(frame);
    return writer.position();
  }

  private void watermark(long durableOffset, boolean seal) throws IOException {
    writer.appendWatermark(sequence, durableOffset, seal);
  }

  private void flip(long position) throws IOException {
    try (DiskFile file = disk.open(NAME, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(position, one);
      file.write(position, ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}));
    }
  }

  /** Everything from a position on is as if it had never been written. */
  private void zero(long from) throws IOException {
    try (DiskFile file = disk.open(NAME, Disk.Access.READ_WRITE)) {
      file.write(from, ByteBuffer.allocate((int) (file.size() - from)));
    }
  }

  private LogTail tail(boolean followed) throws IOException {
    byte[] bytes = disk.processKill().bytes(NAME);
    int contentEnd = bytes.length;
    while (contentEnd > 0 && bytes[contentEnd - 1] == 0) {
      contentEnd--;
    }
    DiskFile file = disk.open(NAME, Disk.Access.READ);
    Segment segment = Segment.openSealed(HEADER, file, bytes.length);
    try {
      return LogTail.of(segment, SegmentHeader.LENGTH, contentEnd, followed);
    } finally {
      segment.close();
    }
  }
}
