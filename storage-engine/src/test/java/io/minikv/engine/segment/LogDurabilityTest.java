package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What of a log is durable, what it tells of that, and how it ends. */
class LogDurabilityTest {

  private static final long SEGMENT_BYTES = 4 << 10;
  private static final long START = SegmentHeader.LENGTH;
  private static final int RECORD = 1_000;
  private static final int WATERMARK = Frame.WATERMARK_LENGTH;

  private SimulatedDisk disk = new SimulatedDisk();

  // ---- what is durable

  @Test
  void what_was_appended_is_not_durable_until_it_was_forced() throws IOException {
    WrittenLog written = create();
    assertThat(written.log().unforced().isEmpty()).isTrue();
    written.putOfLength(RECORD);
    Log.Extent first = written.log().unforced();
    assertThat(first.isEmpty()).isFalse();
    assertThat(written.log().isDurable(first)).isFalse();
    written.putOfLength(RECORD);
    Log.Extent both = written.log().unforced();

    first.force();
    written.log().markDurable(first);

    assertThat(written.log().isDurable(first)).isTrue();
    assertThat(written.log().isDurable(both)).isFalse();
    assertThat(written.log().unforced().isEmpty()).isFalse();
    written.force();
    assertThat(written.log().isDurable(both)).isTrue();
    assertThat(written.log().unforced().isEmpty()).isTrue();
  }

  @Test
  void a_force_that_ends_late_takes_nothing_back() throws IOException {
    WrittenLog written = create();
    written.putOfLength(RECORD);
    Log.Extent first = written.log().unforced();
    written.putOfLength(RECORD);
    written.force();

    written.log().markDurable(first);

    assertThat(written.log().unforced().isEmpty()).isTrue();
  }

  @Test
  void a_segment_that_ended_is_durable_and_its_extents_tell_nothing_of_the_next_one()
      throws IOException {
    WrittenLog written = create();
    written.putOfLength(3 * RECORD);
    Log.Extent ofEnded = written.log().unforced();
    written.putOfLength(RECORD);
    assertThat(written.active().fileNumber()).isEqualTo(2);

    assertThat(written.log().isDurable(ofEnded)).isTrue();
    written.log().markDurable(ofEnded);
    assertThat(written.log().unforced().isEmpty()).isFalse();
    assertThat(written.log().hasUntoldDurability()).isFalse();
    written.runBackground();
    ofEnded.force(); // Its mapping is closed.
  }

  @Test
  void a_failed_force_is_told() throws IOException {
    WrittenLog written = create();
    written.putOfLength(RECORD);
    disk.listen(WrittenLog.NO_FORCES);

    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(written.log().unforced()::force)
        .withMessage("Forcing the log to disk failed: no force")
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void the_log_tells_before_the_next_record_how_much_of_it_is_durable() throws IOException {
    WrittenLog written = create();
    written.putOfLength(RECORD);
    assertThat(written.log().hasUntoldDurability()).isFalse();
    written.force();
    assertThat(written.log().hasUntoldDurability()).isTrue();

    written.putOfLength(RECORD);

    FrameHead watermark = written.active().head(START + RECORD);
    assertThat(watermark.isRecord()).isFalse();
    assertThat(watermark.isSeal()).isFalse();
    assertThat(watermark.durableOffset()).isEqualTo(START + RECORD);
    assertThat(watermark.sequence()).isEqualTo(1);
    assertThat(written.log().hasUntoldDurability()).isFalse();
    assertThat(written.log().position()).isEqualTo(START + 2 * RECORD + WATERMARK);
  }

  @Test
  void the_word_that_all_is_durable_need_not_be_told_again() throws IOException {
    WrittenLog written = create();
    written.putOfLength(RECORD);
    written.force();

    written.log().tellDurability();
    written.force();

    assertThat(written.log().position()).isEqualTo(START + RECORD + WATERMARK);
    assertThat(written.log().hasUntoldDurability()).isFalse();
  }

  @Test
  void a_log_that_goes_on_tells_again_what_is_durable() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    long end = records.putOfLength(RECORD) + RECORD;
    WrittenLog written = WrittenLog.resume(disk, SEGMENT_BYTES, records.writer(), 1);
    assertThat(written.log().unforced().isEmpty()).isTrue();
    assertThat(written.log().hasUntoldDurability()).isTrue();

    written.putOfLength(RECORD);

    assertThat(written.active().head(end).durableOffset()).isEqualTo(end);
    assertThat(written.active().head(end + WATERMARK).sequence()).isEqualTo(2);
  }

  @Test
  void a_log_that_goes_on_has_space_for_what_it_tells() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.fillTo(START + RECORD); // All of its space.
    WrittenLog written = WrittenLog.resume(disk, SEGMENT_BYTES, records.writer(), 1);

    written.log().tellDurability();

    assertThat(written.active().head(START + RECORD).durableOffset()).isEqualTo(START + RECORD);
  }

  @Test
  void a_word_that_a_full_disk_cut_short_is_taken_back() throws IOException {
    disk = withoutMappings();
    WrittenLog written = create();
    written.putOfLength(RECORD);
    written.force();
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL_SHORT_WRITE, 1));

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(written.log()::tellDurability);

    assertThat(logOf(disk)).hasSize((int) START + RECORD);
    assertThat(written.log().hasUntoldDurability()).isTrue();
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
    assertThatExceptionOfType(LogFailedException.class)
        .isThrownBy(written.log()::tellDurability)
        .withMessageStartingWith("A write to 000000001.log failed: injected");
  }

  // ---- the end

  @Test
  void closing_makes_all_durable_and_lists_its_end() throws Exception {
    WrittenLog written = create();
    written.putOfLength(RECORD);

    written.log().close();

    assertThat(logOf(afterPowerCut())).isEqualTo(logOf(disk)).hasSize((int) START + RECORD);
    Manifest manifest = ManifestFile.read(disk);
    assertThat(manifest.closed()).isTrue();
    assertThat(manifest.sequence()).isEqualTo(1);
    assertThat(manifest.segments()).containsExactly(SegmentDirectory.sealedEntry(written.active()));
  }

  @Test
  void closing_forces_no_log_that_is_durable() throws Exception {
    WrittenLog empty = create();
    disk.listen(WrittenLog.NO_FORCES);
    empty.log().close();

    disk = new SimulatedDisk();
    WrittenLog forced = create();
    forced.putOfLength(RECORD);
    forced.force();
    disk.listen(WrittenLog.NO_FORCES);
    forced.log().close();

    assertThat(ManifestFile.read(disk).closed()).isTrue();
  }

  private WrittenLog create() throws IOException {
    return WrittenLog.create(disk, SEGMENT_BYTES);
  }

  private static SimulatedDisk withoutMappings() {
    return new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
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
