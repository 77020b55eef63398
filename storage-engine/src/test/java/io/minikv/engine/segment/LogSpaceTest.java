package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log does ahead of its writers, and what space of the disk it leaves to whom. */
class LogSpaceTest {

  private static final long SEGMENT_BYTES = 4 << 10;
  private static final long MEBIBYTE = 1 << 20;
  private static final int RECORD = 1_000;

  private final SimulatedDisk disk = new SimulatedDisk();

  // ---- the next segment

  @Test
  void the_next_segment_is_made_in_the_background_when_the_active_one_is_half_full()
      throws IOException {
    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES / 2 - 8);
    written.runBackground();
    written.log().prepareAhead();
    assertThat(written.waiting()).isZero();
    assertThat(written.log().bytesAhead()).isZero();

    written.fillTo(SEGMENT_BYTES / 2);
    written.runBackground();
    written.log().prepareAhead();
    written.log().prepareAhead();
    assertThat(written.waiting()).isEqualTo(1);
    written.runBackground();

    assertThat(disk.exists("000000002.log")).isTrue();
    assertThat(written.segments()).containsExactly(1L);
    assertThat(written.log().bytesAhead()).isEqualTo(SEGMENT_BYTES);
    written.log().prepareAhead();
    assertThat(written.waiting()).isZero();
  }

  @Test
  void the_next_segment_has_an_eighth_of_its_space_before_it_is_written() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 4 * MEBIBYTE);
    written.fillTo(2 * MEBIBYTE);
    written.runBackground();

    written.log().prepareAhead();
    written.runBackground();

    assertThat(written.log().bytesAhead()).isEqualTo(MEBIBYTE / 2);
  }

  @Test
  void the_segment_that_was_made_ready_is_the_next_one() throws IOException {
    WrittenLog written = withNextSegment();
    List<OperationType> operations = listen();

    written.fillTo(SEGMENT_BYTES - RECORD);
    written.putOfLength(RECORD);

    assertThat(written.segments()).containsExactly(1L, 2L);
    assertThat(operations).doesNotContain(OperationType.CREATE);
    assertThat(written.log().bytesAhead()).isZero();
    written.log().rollIfNotEmpty();
    assertThat(written.segments()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_segment_that_follows_has_space_ahead_of_its_first_records() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 4 * MEBIBYTE);
    written.fillTo(2 * MEBIBYTE);
    written.log().prepareAhead();
    written.runBackground();
    written.log().rollIfNotEmpty();

    written.putOfLength(RECORD);
    assertThat(written.waiting()).isEqualTo(1);
    written.runBackground();

    assertThat(written.active().fileBytes()).isGreaterThanOrEqualTo(MEBIBYTE);
  }

  @Test
  void a_segment_that_was_made_ready_and_not_used_goes_when_the_log_is_closed() throws Exception {
    WrittenLog written = withNextSegment();

    written.log().close();

    assertThat(disk.list()).containsExactly("000000001.log", "MANIFEST");
    assertThat(ManifestFile.read(disk).segments())
        .containsExactly(SegmentDirectory.sealedEntry(written.active()));
    assertThat(written.log().bytesAhead()).isZero();
  }

  @Test
  void a_log_that_is_given_up_gives_back_the_file_that_was_made_ready_and_changes_nothing()
      throws Exception {
    WrittenLog written = withNextSegment();
    long before = disk.operationCount();

    written.log().abandon();

    assertThat(disk.operationCount()).isEqualTo(before);
    assertThat(written.log().bytesAhead()).isZero();
    disk.setCapacity(1L << 40);
    long free = disk.freeBytes();
    long size = disk.processKill().bytes("000000002.log").length;
    disk.delete("000000002.log"); // Takes its space until nobody has it open.
    assertThat(disk.freeBytes()).isEqualTo(free + size);
  }

  @Test
  void a_full_disk_delays_the_next_segment_and_a_failing_one_is_told() throws IOException {
    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES / 2);
    written.runBackground();
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    written.log().prepareAhead();
    written.runBackground();
    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(written.failures()).isEmpty();

    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
    written.log().prepareAhead();
    written.runBackground();

    assertThat(written.failures()).hasSize(1);
    written.log().prepareAhead();
    assertThat(written.waiting()).isEqualTo(1);
  }

  // ---- space of the active segment

  @Test
  void space_is_allocated_in_the_background_before_a_writer_needs_it() throws IOException {
    WrittenLog written = shortOfSpace();
    List<OperationType> operations = listen();
    written.runBackground();
    assertThat(operations).contains(OperationType.ALLOCATE);

    operations.clear();
    written.fillTo(written.log().position() + MEBIBYTE / 4);

    assertThat(operations).doesNotContain(OperationType.ALLOCATE, OperationType.MAP);
    assertThat(written.failures()).isEmpty();
  }

  @Test
  void space_is_allocated_ahead_again_when_the_last_time_is_over() throws IOException {
    WrittenLog written = shortOfSpace();
    written.runBackground();

    written.fillTo(3 * MEBIBYTE);

    assertThat(written.waiting()).isEqualTo(1);
  }

  @Test
  void a_full_disk_leaves_space_ahead_to_the_writer_and_a_failing_one_is_told() throws IOException {
    WrittenLog written = shortOfSpace();
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    written.runBackground();
    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(written.failures()).isEmpty();

    written.putOfLength(RECORD);
    assertThat(written.waiting()).isEqualTo(1);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 2)); // Behind a query.
    written.runBackground();

    assertThat(written.failures()).hasSize(1);
  }

  // ---- the reserve

  @Test
  void the_last_space_of_the_disk_is_left_to_writes_that_may_use_it() throws IOException {
    long reserve = 200_000;
    disk.setCapacity(700_000);
    WrittenLog written = WrittenLog.create(disk, MEBIBYTE, reserve);

    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> written.fillTo(700_000))
        .withMessage("the last 200000 bytes are kept for deletes and compactions");
    assertThat(disk.freeBytes()).isBetween(reserve, reserve + 300_000);
    while (disk.freeBytes() >= reserve) {
      written.putOfLength(RECORD, true);
    }

    disk.setCapacity(2_000_000);
    written.putOfLength(RECORD);
  }

  @Test
  void the_disk_is_asked_for_its_free_space_only_where_more_of_it_is_taken() throws IOException {
    WrittenLog written = WrittenLog.create(disk, MEBIBYTE, 1);
    written.putOfLength(40);
    written.runBackground();
    List<OperationType> operations = listen();

    for (int i = 0; i < 100; i++) {
      written.putOfLength(40);
    }

    assertThat(operations).doesNotContain(OperationType.FREE_BYTES);
  }

  @Test
  void without_a_reserve_the_disk_is_not_asked_for_its_free_space() throws IOException {
    List<OperationType> operations = listen();

    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES / 2);
    written.log().prepareAhead();
    written.runBackground();

    assertThat(operations).isNotEmpty().doesNotContain(OperationType.FREE_BYTES);
  }

  @Test
  void each_segment_asks_anew_for_what_the_reserve_leaves() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 100_000, 200_000);
    written.fillTo(90_000);
    disk.setCapacity(disk.processKill().bytes("000000001.log").length + 210_000L);
    written.log().rollIfNotEmpty();

    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> written.fillTo(90_000))
        .withMessageContaining("kept for deletes");
  }

  @Test
  void nothing_is_allocated_ahead_that_the_reserve_needs() throws IOException {
    long reserve = 10 * MEBIBYTE;
    WrittenLog written = WrittenLog.create(disk, 4 * MEBIBYTE, reserve);
    written.fillTo(2 * MEBIBYTE);
    written.runBackground();
    long taken = written.active().fileBytes();
    disk.setCapacity(taken + reserve + MEBIBYTE / 4);

    written.log().prepareAhead();
    written.runBackground();
    while (written.log().position() < taken - RECORD - 100) {
      written.putOfLength(RECORD, true);
    }

    assertThat(written.log().bytesAhead()).isLessThan(MEBIBYTE / 4);
    assertThat(written.waiting()).isZero();
    assertThat(disk.freeBytes()).isGreaterThanOrEqualTo(reserve);
    assertThat(written.failures()).isEmpty();
    disk.setCapacity(100 * MEBIBYTE);
    written.putOfLength(40);
    assertThat(written.waiting()).isEqualTo(1);
  }

  // ---- what is worth a force

  @Test
  void two_mebibytes_are_much_to_force_where_the_end_of_the_segment_is_far() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 64 * MEBIBYTE);
    long much = 2 * MEBIBYTE;

    written.fillTo(SegmentHeader.LENGTH + much - 40);
    assertThat(written.log().hasMuchUnforced()).isFalse();
    written.fillTo(SegmentHeader.LENGTH + much);
    assertThat(written.log().hasMuchUnforced()).isTrue();

    written.force();
    assertThat(written.log().hasMuchUnforced()).isFalse();
  }

  @Test
  void near_the_end_of_the_segment_a_quarter_of_what_is_left_is_much() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 2 * MEBIBYTE);
    written.fillTo(MEBIBYTE);
    written.force();
    long from = written.log().position();
    long much = MEBIBYTE / 5; // A fourth of the rest.

    written.fillTo(from + much - 1_000);
    assertThat(written.log().hasMuchUnforced()).isFalse();
    written.fillTo(from + much + 1_000);
    assertThat(written.log().hasMuchUnforced()).isTrue();
  }

  @Test
  void a_little_is_never_much_however_near_the_end_is() throws IOException {
    WrittenLog written = create();

    written.fillTo(SEGMENT_BYTES - 100);

    assertThat(written.log().hasMuchUnforced()).isFalse();
  }

  private WrittenLog create() throws IOException {
    return WrittenLog.create(disk, SEGMENT_BYTES);
  }

  /** A log of a large segment that is about to have space allocated ahead. */
  private WrittenLog shortOfSpace() throws IOException {
    WrittenLog written = WrittenLog.create(disk, 64 * MEBIBYTE);
    written.fillTo(MEBIBYTE);
    written.runBackground();
    for (int i = 0; i < 5_000 && written.waiting() == 0; i++) {
      written.putOfLength(RECORD);
    }
    assertThat(written.waiting()).isEqualTo(1);
    return written;
  }

  /** A log that is half full, and has the next segment ready. */
  private WrittenLog withNextSegment() throws IOException {
    WrittenLog written = create();
    written.fillTo(SEGMENT_BYTES / 2);
    written.log().prepareAhead();
    written.runBackground();
    assertThat(written.log().bytesAhead()).isPositive();
    return written;
  }

  private List<OperationType> listen() {
    List<OperationType> operations = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            operations.add(operation.type());
          }
        });
    return operations;
  }
}
