package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.State;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How records get their numbers and places, how segments follow each other, what is durable. */
class LogTest {

  private static final long SEGMENT_BYTES = 4 << 10;
  private static final long START = SegmentHeader.LENGTH;
  private static final int RECORD = 1_000;
  private static final int WATERMARK = Frame.WATERMARK_LENGTH;

  private SimulatedDisk disk = new SimulatedDisk();

  // ---- sequence numbers

  @Test
  void sequence_numbers_follow_the_last_one_and_stay_below_the_one_on_the_disk() throws Exception {
    WrittenLog written = create();
    long generation = written.directory().manifest().generation();

    for (long sequence = 1; sequence <= 3_000; sequence++) {
      assertThat(written.log().takeSequence()).isEqualTo(sequence);
      assertThat(written.log().lastSequence()).isEqualTo(sequence);
      assertThat(written.directory().manifest().sequence()).isGreaterThan(sequence);
    }

    assertThat(ManifestFile.read(disk)).isEqualTo(written.directory().manifest());
    assertThat(written.directory().manifest().generation()).isLessThan(generation + 5);
  }

  @Test
  void no_sequence_number_is_handed_out_when_none_can_be_reserved() throws Exception {
    WrittenLog written = create();
    long reserved = written.directory().sequenceCeiling();
    while (written.log().lastSequence() < reserved - 1) {
      written.log().takeSequence();
    }
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(written.log()::takeSequence);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(written.log()::takeSequence)
        .withMessageStartingWith("Reserving sequence numbers failed: injected");

    assertThat(written.log().lastSequence()).isEqualTo(reserved - 1);
    assertThat(written.log().takeSequence()).isEqualTo(reserved);
  }

  // ---- appending

  @Test
  void records_lie_one_behind_the_other_in_the_active_segment() throws IOException {
    WrittenLog written = create();

    long first = written.putOfLength(RECORD);
    long second = written.putOfLength(RECORD);

    assertThat(first).isEqualTo(Location.of(1, START));
    assertThat(second).isEqualTo(Location.of(1, START + RECORD));
    assertThat(written.log().position()).isEqualTo(START + 2 * RECORD);
    assertThat(written.log().appendedBytes()).isEqualTo(2 * RECORD);
    assertThat(written.active().lowestSequence()).isEqualTo(1);
    assertThat(written.active().highestSequence()).isEqualTo(2);
    assertThat(written.active().head(START + RECORD).sequence()).isEqualTo(2);
  }

  @Test
  void a_failed_write_ends_the_log() throws IOException {
    disk = withoutMappings();
    WrittenLog written = create();
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));

    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(() -> written.putOfLength(RECORD))
        .withMessageStartingWith("A write to 000000001.log failed: injected");
  }

  @Test
  void what_a_full_disk_cut_short_is_taken_back_durably() throws IOException {
    disk = withoutMappings();
    WrittenLog written = create();
    written.putOfLength(RECORD);
    long start = written.log().position();
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL_SHORT_WRITE, 1));
    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> written.putOfLength(RECORD));
    assertThat(logOf(disk)).hasSizeGreaterThan((int) start);

    written.log().cutBack(start);

    assertThat(written.log().position()).isEqualTo(start);
    assertThat(logOf(afterPowerCut())).hasSize((int) start);
    assertThat(written.putOfLength(RECORD)).isEqualTo(Location.of(1, start));
  }

  @Test
  void records_that_were_appended_before_the_disk_was_full_can_be_taken_back() throws IOException {
    disk = withoutMappings();
    WrittenLog written = create();
    written.putOfLength(RECORD);
    long start = written.log().position();
    written.putOfLength(RECORD);

    written.log().cutBack(start);

    assertThat(written.log().position()).isEqualTo(start);
    assertThat(logOf(disk)).hasSize((int) start);
  }

  @Test
  void a_cut_that_fails_ends_the_log() throws IOException {
    disk = withoutMappings();
    WrittenLog written = create();
    written.putOfLength(RECORD);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));

    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(() -> written.log().cutBack(START))
        .withMessageStartingWith("Cutting 000000001.log failed: injected");
  }

  // ---- one segment after the other

  @Test
  void records_that_do_not_fit_begin_the_next_segment() throws IOException {
    WrittenLog written = create();
    written.putOfLength(RECORD);
    written.putOfLength(RECORD);
    written.putOfLength(RECORD);
    int rest = (int) (SEGMENT_BYTES - written.log().position() - 2 * WATERMARK);

    assertThat(written.putOfLength(rest)).isEqualTo(Location.of(1, START + 3 * RECORD));
    assertThat(written.putOfLength(40)).isEqualTo(Location.of(2, START));

    assertThat(written.segments()).containsExactly(1L, 2L);
    assertThat(written.active().fileNumber()).isEqualTo(2);
  }

  @Test
  void a_record_is_never_too_large_for_an_empty_segment() throws IOException {
    WrittenLog written = create();

    assertThat(written.putOfLength(100_000)).isEqualTo(Location.of(1, START));
    assertThat(written.putOfLength(100_000)).isEqualTo(Location.of(2, START));
  }

  @Test
  void a_segment_ends_with_a_seal_and_is_durable_before_anything_follows() throws IOException {
    WrittenLog written = create();
    written.beginNextSegment(RECORD);
    Segment ended = written.segment(1);

    FrameHead seal = ended.head(ended.end() - WATERMARK);
    assertThat(seal.isSeal()).isTrue();
    assertThat(seal.sequence()).isEqualTo(3);
    assertThat(seal.durableOffset()).isEqualTo(START);
    byte[] durable = logOf(afterPowerCut());
    byte[] visible = logOf(disk);
    assertThat(durable).startsWith(Arrays.copyOf(visible, (int) ended.end()));
  }

  @Test
  void the_end_of_a_segment_is_listed_in_the_background() throws Exception {
    WrittenLog written = create();
    written.beginNextSegment(RECORD);
    assertThat(states()).containsExactly(State.OPEN, State.OPEN);
    Segment ended = written.segment(1);
    assertThat(ended.fileBytes()).isGreaterThan(ended.end());

    written.runBackground();

    assertThat(ManifestFile.read(disk).segments().getFirst())
        .isEqualTo(SegmentDirectory.sealedEntry(ended));
    assertThat(states()).containsExactly(State.COMPLETE, State.OPEN);
    assertThat(logOf(disk)).hasSize((int) ended.end());
    assertThat(written.failures()).isEmpty();
  }

  @Test
  void a_full_disk_at_the_end_of_a_segment_delays_its_listing_and_is_no_failure() throws Exception {
    WrittenLog written = create();
    written.beginNextSegment(RECORD);
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    written.runBackground();
    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(written.failures()).isEmpty();

    written.directory().renew();

    assertThat(states()).containsExactly(State.COMPLETE, State.OPEN);
  }

  @Test
  void a_failure_at_the_end_of_a_segment_is_told() throws IOException {
    WrittenLog written = create();
    written.beginNextSegment(RECORD);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));

    written.runBackground();

    assertThat(written.failures()).hasSize(1);
  }

  @Test
  void a_segment_that_cannot_be_begun_ends_the_log_unless_the_disk_is_full() throws IOException {
    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES - RECORD);
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> written.putOfLength(2 * RECORD));
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(() -> written.putOfLength(2 * RECORD))
        .withMessageStartingWith("Beginning a segment failed: injected");

    assertThat(written.segments()).containsExactly(1L);
  }

  @Test
  void a_segment_that_cannot_be_made_durable_at_its_end_ends_the_log() throws IOException {
    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES - RECORD);
    disk.listen(WrittenLog.NO_FORCES);

    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(() -> written.putOfLength(2 * RECORD))
        .withMessageStartingWith("Ending 000000001.log failed: no force");
    assertThat(written.active().fileNumber()).isEqualTo(1);
  }

  @Test
  void a_segment_is_ended_on_demand_at_once_unless_it_is_empty() throws Exception {
    WrittenLog written = create();
    written.log().rollIfNotEmpty();
    assertThat(written.segments()).containsExactly(1L);
    written.putOfLength(RECORD);

    written.log().rollIfNotEmpty();

    assertThat(written.segments()).containsExactly(1L, 2L);
    assertThat(states()).containsExactly(State.COMPLETE, State.OPEN);
    assertThat(written.waiting()).isZero();
  }

  private WrittenLog create() throws IOException {
    return WrittenLog.create(disk, SEGMENT_BYTES);
  }

  private static SimulatedDisk withoutMappings() {
    return new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
  }

  private List<State> states() throws Exception {
    return ManifestFile.read(disk).segments().stream().map(Manifest.SegmentEntry::state).toList();
  }

  /** The first segment. */
  private static byte[] logOf(SimulatedDisk some) {
    return some.processKill().bytes("000000001.log");
  }

  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
  }
}
