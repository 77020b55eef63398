package io.minikv.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules for where a segment ends, one by one. */
class LogTailTest {

  private static final String NAME = "000000007.log";

  private WrittenLogSegment log;

  @BeforeEach
  void createSegment() throws IOException {
    log = new WrittenLogSegment(new SimulatedDisk(), 7, 64 << 10);
  }

  @Test
  void allocated_zeros_behind_the_last_record_are_no_tear() throws IOException {
    log.put("a", "1");
    long end = log.put("b", "2");

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isFalse();
    assertThat(tail.isUncertain()).isTrue();
  }

  @Test
  void only_what_a_watermark_tells_is_certain_to_be_durable() throws IOException {
    long durable = log.put("a", "1");
    log.watermark(durable);

    assertThat(tail(false).durableEnd()).isEqualTo(durable);
    assertThat(tail(false).end()).isEqualTo(log.position());
    assertThat(tail(false).isUncertain()).isTrue();
  }

  @Test
  void a_segment_without_records_ends_behind_its_header() throws IOException {
    assertThat(tail(false).end()).isEqualTo(SegmentHeader.LENGTH);
  }

  @Test
  void a_record_cut_short_is_torn() throws IOException {
    long end = log.put("a", "1");
    log.put("b", "a value of some length");
    log.zero(end + 40);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
    assertThat(tail.contentEnd()).isLessThanOrEqualTo(end + 40);
  }

  @Test
  void a_value_cut_short_is_torn() throws IOException {
    long end = log.put("a", "1");
    long last = log.put("b", "a value of some length");
    log.zero(last - 8);

    assertThat(tail(false).end()).isEqualTo(end);
    assertThat(tail(false).damagedValues()).isEmpty();
  }

  @Test
  void records_behind_a_torn_one_are_torn_too() throws IOException {
    long end = log.put("a", "1");
    log.put("b", "2");
    log.put("c", "3");
    log.flip(end + 8);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
  }

  @Test
  void an_incomplete_batch_never_happened() throws IOException {
    long end = log.put("a", "1");
    log.append(Mutation.Put.of(Key.of("b"), Value.of("2")), true);
    log.append(Mutation.Put.of(Key.of("c"), Value.of("3")), true);

    LogTail tail = tail(false);

    assertThat(tail.end()).isEqualTo(end);
    assertThat(tail.isTorn()).isTrue();
  }

  @Test
  void a_batch_whose_last_record_is_torn_never_happened() throws IOException {
    long end = log.put("a", "1");
    long second = log.append(Mutation.Put.of(Key.of("b"), Value.of("2")), true);
    log.append(Mutation.Put.of(Key.of("c"), Value.of("3")), false);
    log.flip(second + 5);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void damage_before_the_watermark_is_refused() throws IOException {
    long end = log.put("a", "1");
    log.put("b", "2");
    log.watermark(log.position());
    log.put("c", "3");
    log.flip(end + 8);

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
    log.put("a", "1");
    long durable = log.position();
    log.watermark(durable);
    long end = log.position();
    log.put("b", "2");
    log.put("c", "3");
    log.flip(end + 8);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void a_damaged_value_before_the_watermark_costs_its_key_alone() throws IOException {
    long first = log.put("a", "1");
    long second = log.put("b", "a value of some length");
    log.watermark(log.position());
    log.flip(second - 8);

    LogTail tail = tail(false);

    assertThat(tail.damagedValues()).containsExactly(first);
    assertThat(tail.end()).isEqualTo(log.position());
    assertThat(tail.isTorn()).isFalse();
  }

  @Test
  void a_watermark_that_is_torn_itself_tells_nothing() throws IOException {
    long end = log.put("a", "1");
    long second = log.put("b", "2");
    log.watermark(second);
    log.flip(end + 8);
    log.flip(second + 24);

    assertThat(tail(false).end()).isEqualTo(end);
  }

  @Test
  void a_segment_that_another_one_follows_was_durable_to_its_seal() throws IOException {
    long end = log.put("a", "1");
    log.seal();

    assertThat(tail(true).isUncertain()).isFalse();
    assertThat(tail(true).end()).isEqualTo(log.position());

    log.flip(end + 4);
    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(true));
  }

  @Test
  void a_followed_segment_without_a_seal_has_lost_its_end() throws IOException {
    log.put("a", "1");

    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(true));
  }

  @Test
  void what_lies_behind_a_seal_is_torn() throws IOException {
    log.put("a", "1");
    log.seal();
    long end = log.position();
    log.put("b", "2");

    assertThat(tail(true).end()).isEqualTo(end);
    assertThat(tail(true).isTorn()).isTrue();
  }

  @Test
  void a_watermark_far_behind_the_damage_counts() throws IOException {
    long end = log.put("a", "1");
    for (int i = 0; i < 10; i++) {
      log.put("b", "x".repeat(2_500));
    }
    log.watermark(end + 8);
    log.flip(end - 20);
    log.flip(end + 4);

    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(false));
  }

  @Test
  void a_watermark_counts_wherever_behind_the_damage_it_lies() throws IOException {
    for (int length = 65_300; length < 65_600; length += 8) {
      log = new WrittenLogSegment(new SimulatedDisk(), 7, 1 << 20);
      long end = log.put("a", "1");
      log.put("b", "x".repeat(length));
      log.watermark(end + 8);
      log.flip(end + 4);

      assertThatExceptionOfType(DamagedSegmentException.class)
          .as("a value of %d bytes", length)
          .isThrownBy(() -> tail(false));
    }
  }

  @Test
  void a_segment_that_ends_with_its_last_byte_is_not_torn() throws IOException {
    long end = log.put("a", "123"); // No zeros behind the value.

    assertThat(tail(false)).isEqualTo(new LogTail(end, SegmentHeader.LENGTH, end, List.of()));
    assertThat(tail(false).isTorn()).isFalse();
  }

  @Test
  void what_is_known_to_be_durable_is_not_read_again() throws IOException {
    long durable = log.put("a", "1");
    log.flip(durable - 20);
    long end = log.put("b", "2");

    assertThat(tail(durable, false).end()).isEqualTo(end);
    assertThat(tail(durable, false).durableEnd()).isEqualTo(durable);
    assertThat(tail(end, false)).returns(false, LogTail::isUncertain);
    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(() -> tail(durable, true));
  }

  @Test
  void a_segment_that_was_known_to_its_seal_ends_there() throws IOException {
    log.put("a", "1");
    log.seal();
    long end = log.position();
    log.put("b", "2");

    assertThat(tail(end, true).end()).isEqualTo(end);
    assertThat(tail(end, true).isTorn()).isTrue();
  }

  @Test
  void a_segment_that_is_shorter_than_what_was_durable_of_it_is_refused() throws IOException {
    long size = log.bytes().length;

    assertThat(tail(size, false).end()).isEqualTo(size);
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> tail(size + 8, false))
        .withMessageContaining(NAME + ", at byte " + size + ", has lost records");
  }

  private LogTail tail(boolean followed) throws IOException {
    return tail(SegmentHeader.LENGTH, followed);
  }

  private LogTail tail(long from, boolean followed) throws IOException {
    Segment segment = log.reopen();
    try {
      return LogTail.of(segment, from, log.contentEnd(), followed);
    } finally {
      segment.close();
    }
  }
}
