package io.minikv.engine.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.domain.Key;
import io.minikv.domain.StoreClosedException;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.io.WatchedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueFilesTest {

  private static final StoreId STORE = new StoreId(1, 2);
  private static final Key KEY = Key.of("film");
  private static final long NUMBER = 13;
  private static final String NAME = "000000013.val";
  private static final int HEADER_LENGTH = 56;
  private static final int BLOCK_LENGTH = 65_536;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ValueFiles files = new ValueFiles(disk, STORE);

  // ---- writing and reading

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK_LENGTH - 1, BLOCK_LENGTH, BLOCK_LENGTH + 1, 3 * BLOCK_LENGTH})
  void a_value_of_any_length_is_read_as_it_was_written(int length) throws IOException {
    byte[] value = value(length);

    write(files, value);

    try (ValueFile file = files.open(NUMBER, KEY, length)) {
      assertThat(file.name()).isEqualTo(NAME);
      assertThat(file.value()).isEqualTo(value);
    }
  }

  @Test
  void blocks_are_read_from_the_middle_of_a_value() throws IOException {
    byte[] value = value(3 * BLOCK_LENGTH + 5);
    write(files, value);

    try (ValueFile file = files.open(NUMBER, KEY, value.length)) {
      byte[] part = new byte[2 * BLOCK_LENGTH];
      file.read(BLOCK_LENGTH, part, 2 * BLOCK_LENGTH);
      assertThat(part).isEqualTo(Arrays.copyOfRange(value, BLOCK_LENGTH, 3 * BLOCK_LENGTH));
      file.read(3 * BLOCK_LENGTH, part, 5);
      assertThat(Arrays.copyOf(part, 5))
          .isEqualTo(Arrays.copyOfRange(value, 3 * BLOCK_LENGTH, value.length));
    }
  }

  @Test
  void a_damaged_block_is_told_with_its_place_and_costs_no_other_one() throws IOException {
    byte[] value = value(3 * BLOCK_LENGTH);
    write(files, value);
    int damagedAt = HEADER_LENGTH + BLOCK_LENGTH + 7;

    try (ValueFile file = on(flipped(damagedAt)).open(NUMBER, KEY, value.length)) {
      byte[] block = new byte[BLOCK_LENGTH];
      file.read(2 * BLOCK_LENGTH, block, BLOCK_LENGTH);
      assertThat(block).isEqualTo(Arrays.copyOfRange(value, 2 * BLOCK_LENGTH, 3 * BLOCK_LENGTH));
      assertDamaged(file::value);
      assertDamaged(() -> file.read(BLOCK_LENGTH, block, BLOCK_LENGTH));
    }
  }

  private static void assertDamaged(ThrowingCallable reading) {
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(reading)
        .withMessageContaining(NAME)
        .withMessageContaining(Integer.toString(HEADER_LENGTH + BLOCK_LENGTH))
        .withMessageContaining("has a value whose checksum does not fit");
  }

  @Test
  void a_file_that_is_missing_cut_or_of_another_record_is_refused() throws IOException {
    write(files, value(100));
    byte[] bytes = disk.processKill().bytes(NAME);
    DiskImage cut = disk.processKill().with(NAME, Arrays.copyOf(bytes, bytes.length - 1));

    assertRefused(files, NUMBER + 1, KEY, 100, "is missing, which holds the value");
    assertRefused(files, NUMBER, KEY, 99, "ends, but the file had");
    assertRefused(on(cut), NUMBER, KEY, 100, "ends, but the file had");
    assertRefused(files, NUMBER, Key.of("fiLm"), 100, "is the value of another record");
    assertRefused(
        new ValueFiles(disk, new StoreId(1, 3)),
        NUMBER,
        KEY,
        100,
        "is the value of another record");
    DiskImage renamed = disk.processKill().with(FileNames.value(14), bytes);
    assertRefused(on(renamed), 14, KEY, 100, "is the value of another record");
  }

  private static void assertRefused(
      ValueFiles files, long number, Key key, int length, String problem) {
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> files.open(number, key, length))
        .withMessageContaining(problem);
  }

  // ---- durability

  @Test
  void the_name_and_the_header_are_durable_from_the_beginning_and_all_of_it_in_the_end()
      throws IOException, FormatException {
    byte[] value = value(BLOCK_LENGTH + 1);
    StagedFile file = files.stage(KEY, () -> NUMBER, 5_000);

    assertThat(on(afterPowerCut()).header(NUMBER))
        .isEqualTo(new ValueFileHeader(STORE, NUMBER, 5_000, KEY));
    file.write(ByteBuffer.wrap(value));
    file.finish();

    try (ValueFile read = on(afterPowerCut()).open(NUMBER, KEY, value.length)) {
      assertThat(read.value()).isEqualTo(value);
    }
  }

  @Test
  void a_long_value_is_forced_every_8_MiB() throws IOException {
    AtomicInteger forces = new AtomicInteger();
    ValueFiles watched =
        new ValueFiles(
            new WatchedDisk(
                disk, type -> forces.addAndGet(type == OperationType.FORCE ? 1 : 0), true),
            STORE);
    StagedFile file = watched.stage(KEY, () -> NUMBER, 5_000);
    ByteBuffer block = ByteBuffer.allocate(BLOCK_LENGTH);
    int before = forces.get();

    for (int i = 1; i <= 3 * 128; i++) {
      file.write(block.clear());
      assertThat(forces.get() - before).as("after block %d", i).isEqualTo(i / 128);
    }
  }

  @Test
  void a_file_whose_beginning_failed_is_removed() {
    for (OperationType failing :
        new OperationType[] {
          OperationType.WRITE, OperationType.FORCE, OperationType.FORCE_DIRECTORY
        }) {
      Disk failingDisk =
          new WatchedDisk(
              disk,
              type -> {
                if (type == failing) {
                  throw new IOException("the disk fails");
                }
              },
              true);

      assertThatIOException()
          .isThrownBy(() -> new ValueFiles(failingDisk, STORE).stage(KEY, () -> NUMBER, 5_000))
          .withMessage("the disk fails");
      assertThat(disk.processKill().names()).as("after failing at %s", failing).isEmpty();
    }
  }

  @Test
  void a_file_whose_beginning_cannot_be_removed_either_is_told_with_both_causes() {
    Disk failingDisk =
        new WatchedDisk(
            disk,
            type -> {
              if (type == OperationType.FORCE || type == OperationType.DELETE) {
                throw new IOException("no " + type);
              }
            },
            true);

    assertThatIOException()
        .isThrownBy(() -> new ValueFiles(failingDisk, STORE).stage(KEY, () -> NUMBER, 5_000))
        .withMessage("no FORCE")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }

  // ---- the end of a staged file

  @Test
  void a_file_that_was_aborted_is_gone_and_takes_nothing_more() throws IOException {
    StagedFile file = files.stage(KEY, () -> NUMBER, 5_000);

    files.abort(file);

    assertThat(disk.exists(NAME)).isFalse();
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> file.write(ByteBuffer.allocate(1)));
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(file::finish);
  }

  @Test
  void a_file_that_is_kept_stays_also_when_the_store_ends() throws IOException {
    StagedFile kept = write(files, value(10));
    StagedFile open = files.stage(KEY, () -> 14, 5_000);

    files.abort(kept);
    files.close();

    assertThat(disk.processKill().names()).containsExactly(NAME);
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(open::finish);
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> files.stage(KEY, () -> 15, 5_000));
  }

  // ---- who names files

  @Test
  void a_file_goes_with_the_last_segment_that_names_it() throws IOException {
    write(files, value(10));
    files.name(4, NUMBER, 4, 10);
    files.name(4, NUMBER, 4, 10);
    files.name(5, NUMBER, 4, 10);

    files.release(4);
    assertThat(disk.exists(NAME)).isTrue();
    assertThat(files.namedBy(4)).isEmpty();
    assertThat(files.namedBy(5)).containsExactly(NUMBER);
    files.release(5);
    assertThat(disk.exists(NAME)).isFalse();
    files.release(5);
  }

  @Test
  void a_file_that_somebody_removed_is_not_missed_when_it_would_go() throws IOException {
    files.name(4, NUMBER, 4, 10);

    files.release(4);

    assertThat(files.namedBy(4)).isEmpty();
  }

  @Test
  void the_figures_tell_live_dead_and_unfinished_files() throws IOException {
    long bytes = HEADER_LENGTH + 10 + 4 + 16;
    StagedFile unfinished = files.stage(KEY, () -> 20, 5_000);
    unfinished.write(ByteBuffer.allocate(BLOCK_LENGTH));
    files.name(4, 13, 4, 10);
    files.name(4, 14, 4, 10);
    files.name(5, 15, 4, 10);
    files.markDead(14);
    files.markDead(99);

    assertThat(files.bytes()).isEqualTo(3 * bytes + HEADER_LENGTH + BLOCK_LENGTH);
    assertThat(files.bytes(4)).isEqualTo(2 * bytes);
    assertThat(files.deadBytes(4)).isEqualTo(bytes);
    assertThat(files.deadBytes(5)).isZero();
    assertThat(files.bytes(6)).isZero();
    assertThat(files.namedBy(4)).containsExactly(13L, 14L);
    unfinished.finish();
    files.keep(unfinished);
    assertThat(files.bytes()).isEqualTo(3 * bytes);
  }

  // ---- files that an opening finds

  @Test
  void a_header_of_another_store_or_name_is_foreign() throws IOException {
    write(files, value(10));
    DiskImage renamed =
        disk.processKill().with(FileNames.value(14), disk.processKill().bytes(NAME));

    ValueFiles other = new ValueFiles(disk, new StoreId(1, 3));

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> other.header(NUMBER))
        .withMessage("belongs to another store or has another name");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> on(renamed).header(14))
        .withMessage("belongs to another store or has another name");
  }

  @Test
  void a_short_file_without_a_whole_end_was_barely_begun() throws IOException {
    write(files, value(10));
    byte[] whole = disk.processKill().bytes(NAME);
    DiskImage image = disk.processKill();
    byte[] hugeLength = whole.clone();
    Arrays.fill(hugeLength, whole.length - 16, whole.length - 8, (byte) 0x7F);
    byte[] negativeLength = whole.clone();
    negativeLength[whole.length - 9] = (byte) 0x80;
    byte[] longerThanTheFile = whole.clone();
    longerThanTheFile[whole.length - 16] = (byte) (whole.length - 16);

    assertThat(files.isBarelyBegun(NUMBER)).isFalse();
    for (byte[] bytes :
        new byte[][] {
          {},
          new byte[15],
          new byte[16],
          new byte[100],
          Arrays.copyOf(whole, whole.length - 1),
          Arrays.copyOf(whole, HEADER_LENGTH),
          hugeLength,
          negativeLength,
          longerThanTheFile
        }) {
      assertThat(on(image.with(NAME, bytes)).isBarelyBegun(NUMBER))
          .as(Arrays.toString(bytes))
          .isTrue();
    }
  }

  @Test
  void a_file_longer_than_any_header_was_more_than_begun() throws IOException {
    byte[] longest = new byte[ValueFileHeader.MAX_LENGTH];
    DiskImage image = disk.processKill();

    assertThat(on(image.with(NAME, longest)).isBarelyBegun(NUMBER)).isTrue();
    assertThat(
            on(image.with(NAME, Arrays.copyOf(longest, longest.length + 1))).isBarelyBegun(NUMBER))
        .isFalse();
  }

  // ---- what the tests stand on

  private static StagedFile write(ValueFiles files, byte[] value) throws IOException {
    StagedFile file = files.stage(KEY, () -> NUMBER, 5_000);
    assertThat(file.fileNumber()).isEqualTo(NUMBER);
    file.write(ByteBuffer.wrap(value));
    file.finish();
    files.keep(file);
    return file;
  }

  private static ValueFiles on(DiskImage image) {
    return new ValueFiles(SimulatedDisk.from(image), STORE);
  }

  private DiskImage afterPowerCut() {
    return disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image();
  }

  private DiskImage flipped(int at) {
    byte[] bytes = disk.processKill().bytes(NAME);
    bytes[at] ^= 1;
    return disk.processKill().with(NAME, bytes);
  }

  private static byte[] value(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
