package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How much space a segment has ahead of what is written, and what is written to it. */
class SegmentWriterTest {

  private static final long MEBIBYTE = 1 << 20;
  private static final long SEGMENT_BYTES = 64 * MEBIBYTE;
  private static final long SMALL_PIECE = DiskFile.Pieces.SMALL.bytes();
  private static final long LARGE_PIECE = DiskFile.Pieces.LARGE.bytes();

  private SimulatedDisk disk = new SimulatedDisk();

  // ---- space ahead

  @Test
  void a_segment_that_will_be_filled_wants_a_quarter_of_it_ahead_from_the_beginning()
      throws IOException {
    SegmentWriter writer = rarelyForced(SEGMENT_BYTES);
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
    SegmentWriter writer = rarelyForced(SEGMENT_BYTES);
    writer.reserve(1);
    assertThat(writer.takenBytes()).isLessThan(MEBIBYTE);
    assertThat(writer.isShortOfSpace()).isFalse();
  }

  @Test
  void a_small_segment_keeps_no_more_ahead_than_a_quarter_of_it() throws IOException {
    SegmentWriter writer = rarelyForced(MEBIBYTE);
    writer.expectToBeFilled();
    writer.reserveAhead(writer.sizeAhead());
    assertThat(writer.takenBytes()).isBetween(MEBIBYTE / 4, MEBIBYTE / 4 + SegmentHeader.LENGTH);
  }

  @Test
  void a_huge_segment_begins_with_eight_mebibytes() throws IOException {
    SegmentWriter writer = rarelyForced(1L << 30);

    assertThat(writer.sizeToBeginWith()).isEqualTo(8 * MEBIBYTE);
  }

  @Test
  void as_much_is_ahead_as_was_written_up_to_sixteen_mebibytes() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.fillTo(3 * MEBIBYTE);
    assertThat(records.writer().sizeAhead()).isEqualTo(6 * MEBIBYTE);

    records.fillTo(20 * MEBIBYTE);

    assertThat(records.writer().sizeAhead()).isEqualTo(36 * MEBIBYTE);
  }

  @Test
  void no_more_is_ahead_than_the_segment_has() throws IOException {
    Records records = Records.create(disk, 4 * MEBIBYTE);
    records.fillTo(3 * MEBIBYTE);
    assertThat(records.writer().isShortOfSpace()).isTrue();
    assertThat(records.writer().sizeAhead()).isEqualTo(4 * MEBIBYTE);

    records.writer().reserveAhead(records.writer().sizeAhead());

    assertThat(records.writer().takenBytes()).isEqualTo(4 * MEBIBYTE);
    assertThat(records.writer().isShortOfSpace()).isFalse();
  }

  @Test
  void space_is_short_when_less_than_half_of_what_should_be_ahead_is_left() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.writer().reserveAhead(3 * MEBIBYTE);

    records.fillTo(2 * MEBIBYTE);
    assertThat(records.writer().isShortOfSpace()).isFalse();
    records.putOfLength(40);
    assertThat(records.writer().isShortOfSpace()).isTrue();
  }

  @Test
  void space_ahead_is_taken_piece_by_piece_and_mapped_once() throws IOException {
    SegmentWriter writer = rarelyForced(SEGMENT_BYTES);
    long size = 5 * LARGE_PIECE + 100;
    List<Operation> operations = listen(OperationType.ALLOCATE, OperationType.MAP);

    writer.reserveAhead(size);

    assertThat(operations)
        .filteredOn(operation -> operation.type() == OperationType.ALLOCATE)
        .extracting(Operation::length)
        .startsWith(2 * LARGE_PIECE, 3 * LARGE_PIECE, 4 * LARGE_PIECE, 5 * LARGE_PIECE, size);
    assertThat(operations)
        .filteredOn(operation -> operation.type() == OperationType.MAP)
        .hasSize(1);
    assertThat(writer.takenBytes()).isEqualTo(size);
  }

  @Test
  void nothing_is_taken_ahead_that_is_there_already() throws IOException {
    SegmentWriter writer = rarelyForced(SEGMENT_BYTES);
    writer.reserveAhead(MEBIBYTE);
    List<Operation> operations = listen(OperationType.ALLOCATE, OperationType.MAP);

    writer.reserveAhead(MEBIBYTE);
    writer.reserveAhead(MEBIBYTE / 2);
    writer.reserve(1);

    assertThat(operations).isEmpty();
  }

  @Test
  void a_segment_that_ended_takes_no_more_space() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.putOfLength(1_000);
    records.writer().finish();

    records.writer().reserveAhead(MEBIBYTE);

    assertThat(disk.processKill().bytes(records.segment().name()))
        .hasSize((int) records.segment().end());
  }

  // ---- space that a writer waits for

  @Test
  void a_writer_takes_as_much_as_was_written_at_least_64_kibibytes_and_at_most_one_mebibyte()
      throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    assertThat(records.writer().sizeFor(1)).isEqualTo((64 << 10) + SMALL_PIECE);

    records.fillTo(MEBIBYTE / 2);
    assertThat(records.writer().sizeFor(1)).isEqualTo(MEBIBYTE);
    records.fillTo(4 * MEBIBYTE);

    assertThat(records.writer().sizeFor(1)).isEqualTo(5 * MEBIBYTE);
  }

  @Test
  void a_writer_takes_no_more_than_the_segment_has_unless_a_record_is_longer() throws IOException {
    Records records = Records.create(disk, 100_000);
    records.fillTo(80_000);
    records.writer().reserve(10_000);
    assertThat(records.writer().takenBytes()).isEqualTo(100_000);

    records.writer().reserve(200_000);

    assertThat(records.writer().takenBytes()).isEqualTo(280_000);
  }

  @Test
  void what_is_forced_rarely_is_taken_in_large_pieces_once_it_is_one() throws IOException {
    SegmentWriter writer = rarelyForced(SEGMENT_BYTES);
    Records records = new Records(writer);

    assertThat(writer.sizeFor(1)).isEqualTo(SegmentHeader.LENGTH + (64 << 10));
    records.fillTo(LARGE_PIECE);

    assertThat(writer.sizeFor(1)).isEqualTo(2 * LARGE_PIECE);
  }

  @Test
  void what_was_reserved_is_written_without_asking_the_disk_for_anything() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.writer().reserve(1_000);
    List<Operation> operations = listen(OperationType.values());

    records.putOfLength(1_000);

    assertThat(operations).extracting(Operation::type).containsExactly(OperationType.MAPPED_STORE);
  }

  @Test
  void without_mappings_no_space_is_taken_before_it_is_written() throws IOException {
    disk = new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
    Records records = Records.create(disk, SEGMENT_BYTES);
    List<Operation> operations = listen(OperationType.ALLOCATE, OperationType.MAP);

    records.putOfLength(1_000);
    records.writer().reserveAhead(MEBIBYTE);

    assertThat(operations).isEmpty();
    assertThat(records.writer().isShortOfSpace()).isFalse();
    assertThat(records.writer().takenBytes()).isEqualTo(SegmentHeader.LENGTH + 1_000);
    assertThat(disk.processKill().bytes(records.segment().name()))
        .hasSize(SegmentHeader.LENGTH + 1_000);
  }

  // ---- what is written

  @Test
  void a_segment_that_could_not_be_created_leaves_no_file() throws IOException {
    disk.setCapacity(MEBIBYTE);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 3)); // The force of its header.

    assertThatIOException().isThrownBy(() -> Records.create(disk, SEGMENT_BYTES));

    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(disk.list()).isEmpty();
    assertThat(disk.freeBytes()).isEqualTo(MEBIBYTE);
  }

  @Test
  void a_new_segment_is_durable_with_its_name() throws IOException {
    Records.create(disk, SEGMENT_BYTES);

    SimulatedDisk afterPowerCut =
        SimulatedDisk.from(
            disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
    assertThat(afterPowerCut.processKill().bytes("000000007.log"))
        .isEqualTo(Records.header(Records.NUMBER).encode());
  }

  @Test
  void only_what_was_asked_for_is_made_durable() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    records.putOfLength(1_000);
    long from = records.putOfLength(2_000);
    List<Operation> forces = listen(OperationType.MAPPED_FORCE, OperationType.FORCE);

    records.writer().force(from, from + 2_000);

    assertThat(forces).hasSize(1);
    assertThat(forces.getFirst().type()).isEqualTo(OperationType.MAPPED_FORCE);
    assertThat(forces.getFirst().position()).isEqualTo(from);
    assertThat(forces.getFirst().length()).isEqualTo(2_000);
  }

  @Test
  void without_mappings_the_file_is_made_durable() throws IOException {
    disk = new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
    Records records = Records.create(disk, SEGMENT_BYTES);
    long from = records.putOfLength(1_000);
    List<Operation> forces = listen(OperationType.MAPPED_FORCE, OperationType.FORCE);

    records.writer().force(from, from + 1_000);

    assertThat(forces).extracting(Operation::type).containsExactly(OperationType.FORCE);
  }

  @Test
  void a_segment_that_goes_on_is_read_through_a_mapping_before_anything_is_written()
      throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    long offset = records.put("key", Records.bytes(20));
    long end = records.segment().end();
    records.writer().finish();
    DiskFile file = disk.open(records.segment().name(), Disk.Access.READ_WRITE);
    SegmentWriter resumed =
        SegmentWriter.resume(disk, Records.header(Records.NUMBER), file, end, SEGMENT_BYTES);
    List<Operation> reads = listen(OperationType.READ, OperationType.MAPPED_READ);

    assertThat(resumed.segment().head(offset).key()).isEqualTo(Key.of("key"));

    assertThat(reads).extracting(Operation::type).containsOnly(OperationType.MAPPED_READ);
    assertThat(resumed.position()).isEqualTo(end);
    assertThat(new Records(resumed).putOfLength(1_000)).isEqualTo(end);
  }

  @Test
  void a_new_segment_knows_when_its_records_expire() throws IOException {
    Records records = Records.create(disk, SEGMENT_BYTES);
    EncodedFrame frame = expiring(false);

    records.writer().reserve(frame.length());
    records.writer().append(frame);

    ExpirySpan expiries = Objects.requireNonNull(records.segment().expiries());
    assertThat(expiries.expiredBytes(10_999)).isZero();
    assertThat(expiries.expiredBytes(11_000)).isEqualTo(frame.length());
  }

  // ---- copies

  @Test
  void a_copy_of_a_record_is_one_on_its_own() throws IOException {
    Records source = Records.create(disk, SEGMENT_BYTES);
    byte[] first = Records.bytes(20);
    source.put("first", first);
    EncodedFrame ofBatch = expiring(true);
    source.writer().reserve(ofBatch.length());
    long offset = source.writer().append(ofBatch);
    SegmentWriter target = SegmentWriter.create(disk, Records.header(9), SEGMENT_BYTES);

    long copiedTo = target.append(source.segment(), offset, source.segment().head(offset));

    FrameHead copy = target.segment().head(copiedTo);
    assertThat(copiedTo).isEqualTo(SegmentHeader.LENGTH);
    assertThat(target.takenBytes()).isGreaterThanOrEqualTo(target.position());
    assertThat(copy.continues()).isFalse();
    assertThat(copy.sequence()).isEqualTo(44);
    assertThat(copy.key()).isEqualTo(Key.of("key"));
    assertThat(target.segment().value(copiedTo, copy.length(), 5)).asString().isEqualTo("value");
    assertThat(target.segment().lowestSequence()).isEqualTo(44);
    assertThat(target.segment().highestSequence()).isEqualTo(44);
    assertThat(Objects.requireNonNull(target.segment().expiries()).expiredBytes(11_000))
        .isEqualTo(ofBatch.length());
  }

  @Test
  void a_damaged_record_is_not_copied() throws IOException {
    Records source = Records.create(disk, SEGMENT_BYTES);
    long offset = source.put("key", Records.bytes(2 * Frame.BLOCK_LENGTH));
    FrameHead head = source.segment().head(offset);
    Records.damage(disk, source.segment().name(), offset + head.storedAt() + 10);
    SegmentWriter target = SegmentWriter.create(disk, Records.header(9), SEGMENT_BYTES);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> target.append(source.segment(), offset, head))
        .returns(source.segment().name(), DamagedSegmentException::file);

    assertThat(target.position()).isEqualTo(SegmentHeader.LENGTH);
    assertThat(target.segment().highestSequence()).isZero();
  }

  /** A record of sequence number 44 that expires at 11,000. */
  private static EncodedFrame expiring(boolean continues) {
    Mutation put =
        Mutation.Put.of(Key.of("key"), Value.of("value"))
            .with(Expiry.after(Duration.ofSeconds(10)));
    EncodedFrame frame = EncodedFrame.of(put, continues);
    frame.stamp(44, 1_000);
    return frame;
  }

  private SegmentWriter rarelyForced(long segmentBytes) throws IOException {
    SegmentWriter writer = Records.create(disk, segmentBytes).writer();
    writer.expectRareForces();
    return writer;
  }

  private List<Operation> listen(OperationType... types) {
    List<Operation> operations = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (List.of(types).contains(operation.type())) {
              operations.add(operation);
            }
          }
        });
    return operations;
  }
}
