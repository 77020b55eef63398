package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The segments that a compaction writes: when they are durable, and what is left of them. */
class CompactionOutputTest {

  private static final StoreId STORE = new StoreId(1, 2);
  private static final long SOURCE = 7;
  private static final long FIRST_OUTPUT = 100;
  private static final long VALUE_FILE = 50;
  private static final int LARGE = 1 << 20;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ValueFiles values = new ValueFiles(disk, STORE);
  private final List<Long> waits = new ArrayList<>();
  private SegmentWriter source;

  @BeforeEach
  void createSource() throws IOException {
    SegmentHeader header = new SegmentHeader(SegmentHeader.Kind.LOG, STORE, SOURCE, 0);
    source = SegmentWriter.create(disk, header, 1 << 30);
  }

  private CompactionOutput output(long segmentBytes) {
    Manifest manifest = new Manifest(STORE, 0, 0, 0, 2 * FIRST_OUTPUT, false, 1 << 30, List.of());
    SegmentDirectory directory =
        new SegmentDirectory(
            disk, InstantSource.system(), segmentBytes, manifest, FIRST_OUTPUT, () -> 0);
    return new CompactionOutput(directory, values, new Throttle(1, () -> 0, waits::add));
  }

  /** Writes a record of a value to the source, and copies it. */
  private long copy(CompactionOutput output, int valueLength) throws IOException {
    return copy(output, StoredValue.plain(Value.wrap(new byte[valueLength])));
  }

  private long copy(CompactionOutput output, StoredValue value) throws IOException {
    return copyAt(output, write(value));
  }

  private long copyAt(CompactionOutput output, long offset) throws IOException {
    return output.append(source.segment(), offset, source.segment().head(offset));
  }

  private long write(StoredValue value) throws IOException {
    Mutation.Put put = Mutation.Put.of(Key.of("key"), Value.empty());
    EncodedFrame frame = EncodedFrame.of(put, value, false);
    frame.stamp(1, 0);
    source.reserve(frame.length());
    return source.append(frame);
  }

  // ---- segments

  @Test
  void records_follow_one_another_up_to_the_size_at_which_segments_end() throws IOException {
    CompactionOutput output = output(SegmentHeader.LENGTH + 2 * 200 + Frame.WATERMARK_LENGTH);
    int valueOf200 = 160;

    assertThat(copy(output, valueOf200)).isEqualTo(Location.of(100, 64));
    assertThat(copy(output, valueOf200)).isEqualTo(Location.of(100, 264));
    assertThat(copy(output, valueOf200)).isEqualTo(Location.of(101, 64));

    assertThat(output.finish()).extracting(Segment::end).containsExactly(464L, 264L);
  }

  @Test
  void a_copy_is_what_was_copied() throws IOException {
    CompactionOutput output = output(LARGE);
    long location = copy(output, StoredValue.plain(Value.of("value")));
    Segment copied = output.finish().getFirst();

    FrameHead head = copied.head(Location.offset(location));

    assertThat(head.key()).isEqualTo(Key.of("key"));
    assertThat(head.sequence()).isEqualTo(1);
    assertThat(copied.lowestSequence()).isEqualTo(1);
    assertThat(copied.storedValue(Location.offset(location), head)).asString().isEqualTo("value");
  }

  @Test
  void complete_segments_take_no_space_behind_their_end() throws IOException {
    CompactionOutput output = output(LARGE);
    copy(output, 100);

    Segment complete = output.finish().getFirst();

    assertThat(disk.processKill().bytes(complete.name())).hasSize((int) complete.end());
    assertThat(complete.fileBytes()).isEqualTo(complete.end());
  }

  @Test
  void what_is_complete_survives_a_power_cut() throws IOException {
    CompactionOutput output = output(LARGE);
    for (int i = 0; i < 6; i++) {
      copy(output, 1_000);
    }
    Segment complete = output.finish().getFirst();

    byte[] written = disk.processKill().bytes(complete.name());
    for (CrashState state : disk.crashStates(new Random(1), 5)) {
      assertThat(state.image().bytes(complete.name())).startsWith(written);
    }
  }

  @Test
  void no_force_takes_more_than_four_mebibytes_and_a_record() throws IOException {
    List<Long> forced = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.MAPPED_FORCE) {
              forced.add(operation.length());
            }
          }
        });
    CompactionOutput output = output(64 * LARGE);
    long offset = write(StoredValue.plain(Value.wrap(new byte[LARGE])));
    final long length = source.segment().head(offset).frameLength();
    for (int i = 0; i < 9; i++) {
      copyAt(output, offset);
    }
    output.finish();

    assertThat(forced).containsExactly(4 * length, 4 * length, length);
  }

  @Test
  void all_that_is_written_is_paid_for() throws IOException {
    copy(output(LARGE), 160);

    assertThat(waits).containsExactly(200 * 1_000_000_000L);
  }

  // ---- when it comes to nothing

  @Test
  void nothing_is_left_of_what_is_discarded() throws IOException {
    long offset = write(StoredValue.plain(Value.wrap(new byte[800])));
    long before = usedBytes();
    CompactionOutput output = output(1_000);
    copyAt(output, offset);
    copyAt(output, offset);
    assertThat(disk.list()).contains(FileNames.segment(100), FileNames.segment(101));

    output.discard();

    assertThat(disk.list()).containsExactly(FileNames.segment(SOURCE));
    assertThat(usedBytes()).as("also of files that are open still").isEqualTo(before);
  }

  private long usedBytes() throws IOException {
    disk.setCapacity(1L << 40);
    return (1L << 40) - disk.freeBytes();
  }

  @Test
  void a_value_file_stays_while_a_copy_names_it() throws IOException {
    String name = createValueFile();
    CompactionOutput output = output(LARGE);
    copy(output, StoredValue.external(VALUE_FILE, 1_000));
    output.finish();

    values.release(SOURCE);

    assertThat(values.namedBy(FIRST_OUTPUT)).containsExactly(VALUE_FILE);
    assertThat(disk.exists(name)).isTrue();
  }

  @Test
  void a_value_file_stays_with_its_source_when_the_copy_is_discarded() throws IOException {
    String name = createValueFile();
    CompactionOutput output = output(LARGE);
    copy(output, StoredValue.external(VALUE_FILE, 1_000));

    output.discard();

    assertThat(disk.exists(name)).isTrue();
    assertThat(values.namedBy(FIRST_OUTPUT)).isEmpty();
    values.release(SOURCE);
    assertThat(disk.exists(name)).isFalse();
  }

  private String createValueFile() throws IOException {
    String name = FileNames.value(VALUE_FILE);
    disk.create(name).close();
    values.name(SOURCE, VALUE_FILE, 3, 1_000);
    return name;
  }

  @Test
  void what_is_closed_stays_on_the_disk_and_is_not_read_any_more() throws IOException {
    CompactionOutput output = output(1_000);
    long complete = copy(output, 800);
    copy(output, 800);
    Segment first = output.finish().getFirst();
    copy(output, 800);

    output.close();

    assertThat(disk.list())
        .contains(FileNames.segment(100), FileNames.segment(101), FileNames.segment(102));
    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> first.head(Location.offset(complete)));
  }

  @Test
  void a_file_that_cannot_be_removed_is_told_and_all_are_closed() throws IOException {
    CompactionOutput output = output(1_000);
    long location = copy(output, 800);
    Segment first = output.finish().getFirst();
    disk.inject(DiskFault.from(DiskFault.Kind.IO_ERROR, 1));

    assertThatIOException().isThrownBy(output::discard).withMessageContaining("injected");
    disk.heal();

    assertThatExceptionOfType(MappingClosedException.class)
        .isThrownBy(() -> first.head(Location.offset(location)));
  }
}
