package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.minikv.domain.Key;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Going through the frames of a segment, many of which are read at once. */
class FrameScannerTest {

  private static final long START = SegmentHeader.LENGTH;
  private static final int WINDOW = 128 << 10;

  private final SimulatedDisk disk =
      new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
  private final List<Long> offsets = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final Records records;

  FrameScannerTest() throws IOException {
    records = Records.create(disk, 1 << 20);
  }

  @Test
  void frames_come_in_the_order_in_which_they_were_written_each_with_its_place()
      throws IOException {
    put("a", 10);
    put("b", 0);
    put("c", 70_000);
    FrameScanner frames = new FrameScanner(records.segment());

    for (int i = 0; i < 3; i++) {
      assertThat(frames.nextOffset()).isEqualTo(offsets.get(i));
      assertThat(frames.next()).isTrue();
      assertThat(frames.offset()).isEqualTo(offsets.get(i));
      assertThat(frames.location()).isEqualTo(Location.of(Records.NUMBER, offsets.get(i)));
      assertThat(frames.nextOffset()).isEqualTo(frames.offset() + frames.head().frameLength());
      assertThat(frames.head().key()).isEqualTo(Key.of(keys.get(i)));
      assertThat(frames.head().sequence()).isEqualTo(i + 1);
      frames.checkStored();
    }
    assertThat(frames.next()).isFalse();
    assertThat(frames.nextOffset()).isEqualTo(records.segment().end());
  }

  @Test
  void an_empty_segment_has_no_frame() throws IOException {
    FrameScanner frames = new FrameScanner(records.segment());

    assertThat(frames.next()).isFalse();
    assertThatIllegalStateException().isThrownBy(frames::head);
  }

  @Test
  void what_is_appended_later_is_not_gone_through() throws IOException {
    put("a", 10);
    FrameScanner frames = new FrameScanner(records.segment());
    put("b", 10);

    assertThat(keysOf(frames)).containsExactly("a");
  }

  @Test
  void a_part_of_the_frames_is_gone_through_by_itself() throws IOException {
    for (String key : List.of("a", "b", "c", "d")) {
      put(key, 10);
    }
    Segment segment = records.segment();

    assertThat(keysOf(FrameScanner.from(segment, offsets.get(1)))).containsExactly("b", "c", "d");
    assertThat(keysOf(new FrameScanner(segment, offsets.get(2)))).containsExactly("a", "b");
    assertThat(keysOf(FrameScanner.between(segment, offsets.get(1), offsets.get(3))))
        .containsExactly("b", "c");
    assertThat(keysOf(FrameScanner.between(segment, offsets.get(1), offsets.get(1)))).isEmpty();
  }

  @Test
  void frames_of_any_length_are_found_wherever_a_reading_ends() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      int keyLength = random.nextInt(4) == 0 ? random.nextInt(1, 1000) : random.nextInt(1, 9);
      put("k".repeat(keyLength), random.nextInt(8) == 0 ? random.nextInt(20_000) : 20);
    }
    FrameScanner frames = new FrameScanner(records.segment());

    List<Long> found = new ArrayList<>();
    List<String> foundKeys = new ArrayList<>();
    while (frames.next()) {
      found.add(frames.offset());
      foundKeys.add(frames.head().key().utf8());
      frames.checkStored();
    }

    assertThat(found).isEqualTo(offsets);
    assertThat(foundKeys).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 24, 32, 40, 48, 64})
  void a_head_is_read_whole_where_a_reading_ends_in_the_middle_of_it(int before)
      throws IOException {
    records.putOfLength(WINDOW - before);
    offsets.add(START);
    put("key of more than twenty bytes", 10);
    FrameScanner frames = new FrameScanner(records.segment());

    assertThat(frames.next()).isTrue();
    assertThat(frames.next()).isTrue();
    assertThat(frames.head().key()).isEqualTo(Key.of("key of more than twenty bytes"));
    frames.checkStored();
    assertThat(frames.next()).isFalse();
  }

  @Test
  void many_frames_are_read_at_once_with_their_values() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      put("key", 120);
    }
    List<Operation> reads = listen();
    FrameScanner frames = new FrameScanner(records.segment());

    while (frames.next()) {
      frames.checkStored();
    }

    long length = records.segment().end() - START;
    assertThat(reads).hasSizeBetween((int) (length / WINDOW), (int) (length / WINDOW) * 3);
    assertThat(reads.stream().mapToLong(Operation::length).sum())
        .isBetween(length, length + length / 10);
  }

  @Test
  void what_is_left_at_the_end_is_read_at_once_too() throws IOException {
    for (int i = 0; i < 20; i++) {
      put("key", 20);
    }
    List<Operation> reads = listen();

    assertThat(keysOf(new FrameScanner(records.segment()))).hasSize(20);

    assertThat(reads).hasSize(1);
  }

  @Test
  void a_damaged_head_is_told_with_its_place() throws IOException {
    put("a", 10);
    put("b", 10);
    Records.damage(disk, records.segment().name(), offsets.get(1) + Frame.FIXED_LENGTH);
    FrameScanner frames = new FrameScanner(records.segment());
    assertThat(frames.next()).isTrue();

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(frames::next)
        .returns(offsets.get(1), DamagedSegmentException::offset)
        .returns("has a record whose checksum does not fit", DamagedSegmentException::problem);
    assertThat(frames.nextOffset()).isEqualTo(offsets.get(1));
    assertThat(frames.offset()).isEqualTo(offsets.getFirst());
  }

  @Test
  void a_place_where_no_frame_begins_is_told() throws IOException {
    put("a", 10);
    Records.damage(disk, records.segment().name(), START + 4);
    FrameScanner frames = new FrameScanner(records.segment());

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(frames::next)
        .returns("has no frame there", DamagedSegmentException::problem);
  }

  @Test
  void a_place_in_the_header_is_no_frame() {
    FrameScanner frames = FrameScanner.from(records.segment(), 0);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> FrameScanner.between(records.segment(), 0, 64).next())
        .withMessageContaining("does not end within the segment");
    assertThat(frames.nextOffset()).isZero();
  }

  @Test
  void a_frame_that_is_cut_off_is_told() throws IOException {
    put("a", 10);
    put("b", 100);
    Segment whole = records.segment();
    Segment cut = new Segment(Records.header(Records.NUMBER), whole.file(), whole.end() - 8);
    FrameScanner frames = new FrameScanner(cut);
    assertThat(frames.next()).isTrue();

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(frames::next)
        .withMessageContaining("does not end within the segment");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2 * WINDOW})
  void a_damaged_value_costs_its_record_alone(int valueLength) throws IOException {
    put("a", 10);
    put("b", valueLength);
    put("c", 10);
    Records.damage(disk, records.segment().name(), offsets.get(2) - 8);
    FrameScanner frames = new FrameScanner(records.segment());
    frames.next();
    frames.checkStored();

    assertThat(frames.next()).isTrue();
    assertThat(frames.head().key()).isEqualTo(Key.of("b"));
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(frames::checkStored)
        .withMessageContaining("has a value whose checksum does not fit");
    assertThat(frames.next()).isTrue();
    frames.checkStored();
    assertThat(frames.head().key()).isEqualTo(Key.of("c"));
  }

  @Test
  void where_much_cannot_be_read_at_once_each_head_is_read_by_itself() throws IOException {
    for (int i = 0; i < 10; i++) {
      put("key-" + i, 2_000);
    }
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.length() > 1_000) {
              throw new IOException("a sector cannot be read");
            }
          }
        });

    assertThat(keysOf(new FrameScanner(records.segment()))).isEqualTo(keys);
  }

  private void put(String key, int valueLength) throws IOException {
    offsets.add(records.put(key, Records.bytes(valueLength)));
    keys.add(key);
  }

  private static List<String> keysOf(FrameScanner frames) throws IOException {
    List<String> found = new ArrayList<>();
    while (frames.next()) {
      found.add(frames.head().key().utf8());
    }
    return found;
  }

  private List<Operation> listen() {
    List<Operation> operations = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.READ) {
              operations.add(operation);
            }
          }
        });
    return operations;
  }
}
