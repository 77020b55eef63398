package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.io.Touches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a segment can be read, and what is told where that cannot be. */
class SegmentTest {

  private static final int BLOCK = Frame.BLOCK_LENGTH;
  private static final long SEGMENT_BYTES = 1 << 20;

  private SimulatedDisk disk = new SimulatedDisk();

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 500})
  void the_head_of_a_record_is_read_however_long_its_key_is(int keyLength) throws IOException {
    Records records = create();
    String key = "k".repeat(keyLength);
    long offset = records.put(key, Records.bytes(9));
    records.put("other", Records.bytes(100));

    FrameHead head = records.segment().head(offset);

    assertThat(head.key()).isEqualTo(Key.of(key));
    assertThat(head.length()).isEqualTo(Frame.FIXED_LENGTH + keyLength);
    assertThat(head.valueLength()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5})
  void a_value_is_read_with_its_head_without_it_and_in_its_frame(int length) throws IOException {
    for (boolean mapped : new boolean[] {true, false}) {
      disk = disk(mapped);
      Records records = create();
      records.put("first", Records.bytes(3));
      byte[] value = Records.bytes(length);
      long offset = records.put("key", value);
      records.put("last", Records.bytes(3));
      Segment segment = records.segment();
      FrameHead head = segment.head(offset);

      assertThat(segment.storedValue(offset, head)).isEqualTo(value);
      assertThat(segment.value(offset, head.length(), length)).isEqualTo(value);
      byte[] frame = segment.frame(offset, head);
      assertThat(frame).hasSize((int) head.frameLength());
      int at = (int) head.storedAt();
      assertThat(Arrays.copyOfRange(frame, at, at + length)).isEqualTo(value);
    }
  }

  @Test
  void blocks_of_a_value_are_read_by_themselves() throws IOException {
    Records records = create();
    byte[] value = Records.bytes(3 * BLOCK + 5);
    long offset = records.put("key", value);
    Segment segment = records.segment();
    FrameHead head = segment.head(offset);
    byte[] target = new byte[2 * BLOCK + 10];

    segment.readStored(offset, head, BLOCK, target, 3, 2 * BLOCK);

    assertThat(Arrays.copyOfRange(target, 3, 3 + 2 * BLOCK))
        .isEqualTo(Arrays.copyOfRange(value, BLOCK, 3 * BLOCK));
    assertThat(Arrays.copyOfRange(target, 2 * BLOCK + 3, target.length)).containsOnly(0);
    segment.readStored(offset, head, 3 * BLOCK, target, 0, 5);
    assertThat(Arrays.copyOf(target, 5))
        .isEqualTo(Arrays.copyOfRange(value, 3 * BLOCK, 3 * BLOCK + 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void a_damaged_block_is_told_where_it_begins_and_the_others_are_read(int block)
      throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(3 * BLOCK));
    Segment segment = records.segment();
    FrameHead head = segment.head(offset);
    long blockAt = offset + head.storedAt() + (long) block * BLOCK;
    Records.damage(disk, segment.name(), blockAt + 77);
    byte[] target = new byte[BLOCK];

    for (int each = 0; each < 3; each++) {
      int from = each * BLOCK;
      if (each == block) {
        assertDamaged(() -> segment.readStored(offset, head, from, target, 0, BLOCK), blockAt);
      } else {
        segment.readStored(offset, head, from, target, 0, BLOCK);
      }
    }
    assertDamaged(() -> segment.storedValue(offset, head), blockAt);
    assertDamaged(() -> segment.value(offset, head.length(), 3 * BLOCK), blockAt);
    assertDamaged(() -> segment.frame(offset, head), blockAt);
  }

  @Test
  void a_damaged_value_of_one_block_is_told() throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(20));
    Segment segment = records.segment();
    FrameHead head = segment.head(offset);
    Records.damage(disk, segment.name(), offset + head.storedAt());

    assertDamaged(() -> segment.value(offset, head.length(), 20), offset + head.storedAt());
  }

  @Test
  void a_damaged_head_is_told() throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(20));
    Segment segment = records.segment();
    Records.damage(disk, segment.name(), offset + Frame.FIXED_LENGTH);
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> segment.head(offset))
        .withMessage("000000007.log, at byte 64, has a record whose checksum does not fit");

    Records.damage(disk, segment.name(), offset + 4);
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> segment.head(offset))
        .returns(segment.name(), DamagedSegmentException::file)
        .returns(offset, DamagedSegmentException::offset)
        .returns("has no frame there", DamagedSegmentException::problem);
  }

  @Test
  void there_is_no_frame_in_the_header_or_behind_the_end() throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(20));
    Segment segment = records.segment();
    FrameHead head = segment.head(offset);
    String problem = "has a frame that does not end within the segment";

    for (long wrong : new long[] {0, 56, segment.end() - 24, segment.end(), 1 << 30}) {
      assertThatExceptionOfType(DamagedSegmentException.class)
          .isThrownBy(() -> segment.head(wrong))
          .returns(wrong, DamagedSegmentException::offset)
          .returns(problem, DamagedSegmentException::problem);
    }
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> segment.value(offset, head.length(), 1000))
        .returns(problem, DamagedSegmentException::problem);
  }

  @Test
  void a_frame_that_is_cut_off_is_told() throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(100));
    records.writer().finish();

    Segment cut = open(records.segment().end() - 8);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> cut.head(offset))
        .withMessageContaining("does not end within the segment");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 88, 89, 90, 97, 200, BLOCK, BLOCK + 1})
  void a_value_is_copied_from_where_its_head_was_read_to_or_from_the_file(int length)
      throws IOException {
    byte[] buffer = new byte[128]; // A head of 35 bytes, a checksum, and 89 more.
    byte[] target = new byte[length + 1];
    for (boolean mapped : new boolean[] {true, false}) {
      disk = disk(mapped);
      Records records = create();
      byte[] value = Records.bytes(length);
      long first = records.put("key", value);
      long last = records.put("yek", value);
      Segment segment = records.segment();
      for (long offset : new long[] {first, last}) {
        Arrays.fill(buffer, (byte) -1);

        segment.readValue(offset, segment.head(offset, buffer), target);

        assertThat(target).isEqualTo(Arrays.copyOf(value, length + 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 89, 90, 200})
  void a_damaged_value_is_told_wherever_it_is_copied_from(int length) throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(length));
    Segment segment = records.segment();
    long valueAt = offset + segment.head(offset).storedAt();
    for (long damagedAt : new long[] {valueAt - 1, valueAt + length - 1}) {
      Records.damage(disk, segment.name(), damagedAt);
      FrameHead head = segment.head(offset, new byte[128]);
      assertDamaged(() -> segment.readValue(offset, head, new byte[length]), valueAt);
      Records.damage(disk, segment.name(), damagedAt);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 95, 96, 97, 500})
  void the_head_of_a_record_is_read_to_an_array_or_to_a_longer_one(int keyLength)
      throws IOException {
    Records records = create();
    String key = "k".repeat(keyLength);
    long offset = records.put(key, Records.bytes(9));

    FrameHead head = records.segment().head(offset, new byte[128]);

    assertThat(head.key()).isEqualTo(Key.of(key));
    byte[] target = new byte[9];
    records.segment().readValue(offset, head, target);
    assertThat(target).isEqualTo(Records.bytes(9));
  }

  @Test
  void a_watermark_at_the_end_is_a_frame() throws IOException {
    Records records = create();
    records.writer().reserve(Frame.WATERMARK_LENGTH);
    records.writer().appendWatermark(12, 64, true);

    FrameHead head = records.segment().head(SegmentHeader.LENGTH);

    assertThat(head.isSeal()).isTrue();
    assertThat(head.sequence()).isEqualTo(12);
  }

  @Test
  void what_is_missing_of_a_file_is_told() throws IOException {
    disk = disk(false);
    Records records = create();
    long offset = records.put("key", Records.bytes(100));
    records.segment().file().truncate(offset + 40);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> records.segment().head(offset))
        .withMessageContaining("ends too early");
  }

  @Test
  void what_is_mapped_is_read_without_asking_the_file() throws IOException {
    Records records = create();
    int valueLength = 8 * 50 - Frame.FIXED_LENGTH - 1 - Frame.CHECKSUM_LENGTH;
    long offset = records.put("k", Records.bytes(valueLength));
    records.writer().finish();
    Segment segment = records.segment();
    List<OperationType> asked = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            asked.add(operation.type());
          }
        });

    FrameHead head = segment.head(offset);
    segment.value(offset, head.length(), valueLength);
    segment.frame(offset, head);

    assertThat(asked).isNotEmpty().containsOnly(OperationType.MAPPED_READ);
  }

  @Test
  void a_sealed_segment_is_read_without_asking_the_file_and_a_frame_in_one_step()
      throws IOException {
    Records records = create();
    long offset = records.put("key", Records.bytes(100));
    records.writer().finish();
    Segment sealed = open(records.segment().end());
    FrameHead head = sealed.head(offset);
    List<OperationType> asked = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            asked.add(operation.type());
          }
        });

    sealed.frame(offset, head);

    assertThat(asked).containsExactly(OperationType.MAPPED_READ);
  }

  @Test
  void what_was_appended_behind_a_mapping_is_read_from_the_file() throws IOException {
    disk = disk(false);
    Records records = create();
    records.put("first", Records.bytes(100));
    records.segment().mapForReading();

    long offset = records.put("second", Records.bytes(10));

    FrameHead head = records.segment().head(offset);
    assertThat(head.key()).isEqualTo(Key.of("second"));
    assertThat(records.segment().value(offset, head.length(), 10)).isEqualTo(Records.bytes(10));
  }

  @Test
  void a_segment_that_is_closed_while_its_file_is_read_is_one_that_was_retired()
      throws IOException {
    disk = disk(false);
    Records records = create();
    long offset = records.put("key", Records.bytes(100));
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            records.segment().close();
          }
        });

    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> records.segment().head(offset));
  }

  @Test
  void what_is_mapped_anew_in_the_middle_of_reading_is_read_through_the_new_mapping()
      throws IOException {
    Records records = create();
    byte[] value = Records.bytes(20);
    long offset = records.put("key", value);
    Segment segment = records.segment();
    FrameHead head = segment.head(offset);

    disk.listen(new SealOnce(segment));
    assertThat(segment.value(offset, head.length(), 20)).isEqualTo(value);
    disk.listen(new SealOnce(segment));
    assertThat(segment.head(offset).key()).isEqualTo(Key.of("key"));
  }

  /** Maps the segment for reading before the first byte is read. */
  private static final class SealOnce implements DiskListener {

    private final Segment segment;
    private boolean done;

    SealOnce(Segment segment) {
      this.segment = segment;
    }

    @Override
    public void before(Operation operation) throws IOException {
      if (!done) {
        done = true;
        segment.mapForReading();
      }
    }
  }

  @Test
  void a_larger_mapping_serves_from_now_on_and_the_former_one_until_the_segment_is_sealed()
      throws IOException {
    Records records = create();
    records.put("key", Records.bytes(20));
    Segment segment = records.segment();
    Mapping former = segment.file().map(segment.end(), Disk.Access.READ);
    segment.mapThrough(former);
    segment.mapThrough(segment.file().map(segment.end(), Disk.Access.READ));

    former.read(0, new byte[8], 0, 8);
    segment.mapForReading();

    assertClosed(former);
    assertThat(segment.head(SegmentHeader.LENGTH).key()).isEqualTo(Key.of("key"));
  }

  @Test
  void only_places_that_are_mapped_can_be_brought_near() throws IOException {
    for (boolean mapped : new boolean[] {true, false}) {
      disk = disk(mapped);
      Records records = create();
      records.put("key", Records.bytes(20));
      Touches touches = new Touches();

      records.segment().addTo(touches, SegmentHeader.LENGTH, 40);

      assertThat(touches).asString().startsWith(mapped ? "1 places" : "0 places");
    }
  }

  private Records create() throws IOException {
    return Records.create(disk, SEGMENT_BYTES);
  }

  private Segment open(long end) throws IOException {
    DiskFile file = disk.open("000000007.log", Disk.Access.READ);
    return Segment.openSealed(Records.header(Records.NUMBER), file, end);
  }

  private static SimulatedDisk disk(boolean mapped) {
    return new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, mapped));
  }

  private static void assertDamaged(Segment.IoAction reading, long position) {
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(reading::run)
        .returns(position, DamagedSegmentException::offset)
        .returns("has a value whose checksum does not fit", DamagedSegmentException::problem);
  }

  private static void assertClosed(Mapping mapping) {
    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> mapping.read(0, new byte[8], 0, 8));
  }
}
