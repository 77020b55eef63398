package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.Reforged;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key file that cannot be right is refused, even where its checksums fit. */
class RefusedKeyFileTest {

  private static final int HEIGHT_AT = 64;
  private static final int ROOT_AT = 56;
  private static final int FILTER_BLOCKS_AT = 68;
  private static final String NAME = FileNames.keys(7);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<String> operations = new ArrayList<>();
  private byte[] bytes = {};
  private long end;

  @BeforeEach
  void write() throws IOException {
    WrittenSegment written = new WrittenSegment(disk);
    for (int i = 0; i < 40; i++) {
      written.put(Key.of("x".repeat(900) + "%02d".formatted(i)), 3);
    }
    disk.create(FileNames.keysTemporary(7)).close(); // Left by a crash.
    listen();
    written.withKeyFile().close();
    end = written.segment().end();
    bytes = disk.processKill().bytes(NAME).clone();
  }

  private void listen() {
    disk.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            operations.add(operation.type() + " " + operation.file());
          }
        });
  }

  @Test
  void a_key_file_is_written_in_one_piece_where_it_is_short_and_forced() {
    String temporary = FileNames.keysTemporary(7);
    assertThat(operations)
        .contains(OperationType.DELETE + " " + temporary)
        .containsSubsequence(
            OperationType.CREATE + " " + temporary,
            OperationType.WRITE + " " + temporary,
            OperationType.FORCE + " " + temporary)
        .containsOnlyOnce(OperationType.WRITE + " " + temporary);
  }

  @Test
  void what_was_written_is_opened() throws IOException {
    KeyFile file = open(bytes);

    assertThat(file.entries()).isEqualTo(40);
    assertThat(file.length()).isEqualTo(bytes.length);
    assertThat(file.name()).isEqualTo(NAME);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, KeyFileHeader.LENGTH, KeyFileHeader.LENGTH + KeyFileFooter.LENGTH - 1})
  void a_file_that_is_shorter_than_its_header_and_footer_is_refused(int length) {
    assertRefused(Arrays.copyOf(bytes, length), "ends after " + length + " bytes");
  }

  @Test
  void a_file_of_zeros_as_long_as_a_header_and_a_footer_is_refused() {
    assertRefused(new byte[KeyFileHeader.LENGTH + KeyFileFooter.LENGTH], "footer");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 41, Integer.MAX_VALUE})
  void a_tree_with_an_impossible_number_of_levels_is_refused(int height) {
    LittleEndian.putInt(bytes, footer(HEIGHT_AT), height);
    assertRefused(reforged(), "has " + height + " levels of blocks");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, KeyFileHeader.LENGTH - 1, 1L << 60, -8})
  void a_root_outside_of_the_file_is_refused(long root) {
    LittleEndian.putLong(bytes, footer(ROOT_AT), root);
    assertRefused(reforged(), "points to something outside of it");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
  void a_filter_of_an_impossible_size_is_refused(int blocks) {
    LittleEndian.putInt(bytes, footer(FILTER_BLOCKS_AT), blocks);
    assertRefused(reforged(), "has a filter of an impossible size");
  }

  @ParameterizedTest
  @CsvSource({
    "0, impossible length",
    "15, impossible length",
    "-1, impossible length",
    "1000000000, impossible length",
    "60000, points to something outside",
    "16, checksum does not fit",
    "4095, checksum does not fit"
  })
  void a_first_block_that_tells_another_length_is_refused(int length, String problem) {
    LittleEndian.putInt(bytes, KeyFileHeader.LENGTH, length);
    assertRefused(bytes, problem);
  }

  @Test
  void a_header_of_another_segment_or_another_store_is_refused() {
    for (KeyFileHeader other :
        List.of(
            new KeyFileHeader(WrittenSegment.STORE, 8), new KeyFileHeader(new StoreId(1, 3), 7))) {
      System.arraycopy(other.encode(), 0, bytes, 0, KeyFileHeader.LENGTH);
      assertRefused(bytes, "belongs to another segment or another store");
    }
  }

  @Test
  void a_file_that_was_refused_is_not_kept_open() throws IOException {
    LittleEndian.putInt(bytes, KeyFileHeader.LENGTH, 0);
    SimulatedDisk copy = SimulatedDisk.from(disk.processKill().with(NAME, bytes));
    Segment segment = WrittenSegment.reopen(copy, end);
    copy.setCapacity(1 << 30);
    long before = copy.freeBytes();
    assertThatExceptionOfType(DamagedKeyFileException.class)
        .isThrownBy(() -> KeyFile.open(copy, segment));

    copy.delete(NAME);

    assertThat(copy.freeBytes()).isEqualTo(before + bytes.length);
  }

  @Test
  void an_entry_outside_of_its_block_is_refused_when_it_is_read() throws IOException {
    int length = LittleEndian.getInt(bytes, KeyFileHeader.LENGTH);
    int tableAt = KeyFileHeader.LENGTH + length - 6 - 2;
    LittleEndian.putShort(bytes, tableAt, 60_000); // The last entry.
    KeyFile file = open(reforged());

    assertThatExceptionOfType(DamagedKeyFileException.class)
        .isThrownBy(() -> WrittenSegment.forwards(file))
        .withMessageContaining("entry outside of it");
  }

  private int footer(int at) {
    return bytes.length - KeyFileFooter.LENGTH + at;
  }

  private byte[] reforged() {
    return Reforged.file(NAME, bytes);
  }

  private KeyFile open(byte[] changed) throws IOException {
    SimulatedDisk copy = SimulatedDisk.from(disk.processKill().with(NAME, changed));
    KeyFile file = KeyFile.open(copy, WrittenSegment.reopen(copy, end));
    if (file == null) {
      throw new AssertionError("no key file");
    }
    return file;
  }

  private void assertRefused(byte[] changed, String problem) {
    assertThatExceptionOfType(DamagedKeyFileException.class)
        .isThrownBy(() -> open(changed))
        .withMessageContaining(problem);
  }
}
