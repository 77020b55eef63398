package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of a segment, how much space it takes, and when it is closed. */
class SegmentLifeTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<String> happened = new ArrayList<>();
  private Records records;
  private Segment segment;

  @BeforeEach
  void createSegment() throws IOException {
    records = Records.create(disk, 1 << 20);
    records.put("key", Records.bytes(20));
    segment = records.segment();
  }

  @Test
  void it_tells_what_its_header_says() {
    assertThat(segment.fileNumber()).isEqualTo(Records.NUMBER);
    assertThat(segment.kind()).isEqualTo(SegmentHeader.Kind.LOG);
    assertThat(segment.name()).isEqualTo("000000007.log");
  }

  @Test
  void what_is_live_grows_and_shrinks() {
    segment.addLiveBytes(100);
    segment.addLiveBytes(-30);
    segment.addLiveValueBytes(50);
    segment.addLiveValueBytes(-20);

    assertThat(segment.liveBytes()).isEqualTo(70);
    assertThat(segment.liveValueBytes()).isEqualTo(30);
  }

  @Test
  void its_sequence_numbers_are_within_the_lowest_and_the_highest_one() {
    assertThat(segment.lowestSequence()).isZero();
    assertThat(segment.highestSequence()).isZero();

    segment.coverSequence(20);
    assertThat(segment.lowestSequence()).isEqualTo(20);
    assertThat(segment.highestSequence()).isEqualTo(20);
    segment.coverSequence(10);
    segment.coverSequence(30);
    segment.coverSequence(25);

    assertThat(segment.lowestSequence()).isEqualTo(10);
    assertThat(segment.highestSequence()).isEqualTo(30);
  }

  @Test
  void sequence_numbers_that_are_known_are_taken_over_unless_there_are_none() {
    segment.coverSequences(0, 0);
    assertThat(segment.lowestSequence()).isZero();

    segment.coverSequences(3, 9);

    assertThat(segment.lowestSequence()).isEqualTo(3);
    assertThat(segment.highestSequence()).isEqualTo(9);
  }

  @Test
  void its_file_takes_what_was_allocated_until_the_writing_ends() throws IOException {
    assertThat(segment.fileBytes()).isEqualTo(records.writer().takenBytes());
    assertThat(segment.fileBytes()).isGreaterThan(segment.end());

    records.writer().finish();

    assertThat(segment.fileBytes()).isEqualTo(segment.end());
    assertThat(disk.processKill().bytes(segment.name())).hasSize((int) segment.end());
  }

  @Test
  void without_mappings_its_file_takes_what_was_written() throws IOException {
    SimulatedDisk other = new SimulatedDisk(new SimulatedDisk.Properties(1 << 20, false));
    Records written = Records.create(other, 1 << 20);
    written.put("key", Records.bytes(20));

    assertThat(written.segment().fileBytes()).isEqualTo(written.segment().end());
    assertThat(other.freeBytes()).isEqualTo((1 << 20) - written.segment().end());
  }

  @Test
  void a_file_that_ends_where_it_should_is_not_touched() throws IOException {
    records.writer().finish();
    try (DiskFile file = disk.open(segment.name(), Disk.Access.READ)) {
      Segment.openSealed(Records.header(Records.NUMBER), file, segment.end()).trim();
    }

    assertThat(disk.processKill().bytes(segment.name())).hasSize((int) segment.end());
  }

  @Test
  void a_retired_segment_is_closed_when_the_last_pin_has_gone() throws IOException {
    assertThat(segment.pin()).isTrue();
    assertThat(segment.pin()).isTrue();
    segment.retire(() -> happened.add("retired"));
    assertThat(segment.pin()).isFalse();
    segment.unpin();
    assertThat(happened).isEmpty();
    assertThat(segment.head(SegmentHeader.LENGTH).valueLength()).isEqualTo(20);

    segment.unpin();

    assertThat(happened).containsExactly("retired");
    assertClosed();
  }

  @Test
  void a_segment_that_nobody_pinned_is_closed_when_it_is_retired() throws IOException {
    assertThat(segment.pin()).isTrue();
    segment.unpin();
    assertThat(segment.head(SegmentHeader.LENGTH).valueLength()).isEqualTo(20);

    segment.retire(() -> happened.add("retired"));

    assertThat(happened).containsExactly("retired");
    assertClosed();
  }

  @Test
  void nothing_happens_after_retirement_when_the_store_ended_before() throws IOException {
    segment.pin();
    segment.close();
    segment.retire(() -> happened.add("retired"));

    segment.unpin();

    assertThat(happened).isEmpty();
    assertThat(segment.pin()).isFalse();
  }

  @Test
  void what_is_to_be_closed_with_it_is_closed_once() throws IOException {
    segment.closeWithIt(() -> happened.add("one"));
    segment.closeWithIt(() -> happened.add("two"));
    assertThat(happened).isEmpty();

    segment.close();
    segment.close();
    assertThat(happened).containsExactly("one", "two");

    segment.closeWithIt(() -> happened.add("three"));
    assertThat(happened).containsExactly("one", "two", "three");
  }

  @Test
  void closing_ends_its_mappings_and_its_file() throws IOException {
    Mapping former = segment.file().map(64, Disk.Access.READ);
    Mapping current = segment.file().map(64, Disk.Access.READ);
    Mapping late = segment.file().map(64, Disk.Access.READ);
    segment.mapThrough(former);
    segment.mapThrough(current);

    segment.close();
    segment.mapThrough(late);

    for (Mapping each : List.of(former, current, late)) {
      assertThatExceptionOfType(MappingClosedException.class)
          .isThrownBy(() -> each.read(0, new byte[8], 0, 8));
    }
    assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> segment.file().size());
  }

  private void assertClosed() {
    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> segment.head(SegmentHeader.LENGTH));
    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> segment.read(1 << 20, new byte[8], 0, 8));
  }
}
