package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TouchesTest {

  private static final int LENGTH = 1 << 20;
  private static final int PAGE = 4096;

  @TempDir private Path directory;

  private final Touches touches = new Touches();
  private Mapping mapping;

  @BeforeEach
  void mapAFile() throws IOException {
    mapping = map("file", "x".repeat(LENGTH).getBytes(UTF_8));
  }

  /** A file of zeros, but for some bytes. */
  private Mapping map(String name, Map<Integer, Integer> marks) throws IOException {
    byte[] bytes = new byte[PAGE];
    marks.forEach((position, mark) -> bytes[position] = mark.byteValue());
    return map(name, bytes);
  }

  private Mapping map(String name, byte[] bytes) throws IOException {
    try (DiskFile file = NioDisk.open(directory, false).create(name)) {
      file.write(0, ByteBuffer.wrap(bytes));
      return file.map(bytes.length, Access.READ);
    }
  }

  @Test
  void of_every_place_the_ends_and_the_middle_are_read_once() {
    int places = LENGTH / PAGE;
    for (int page = 0; page < places; page++) {
      touches.add(mapping, (long) page * PAGE, 104);
    }
    touches.run();
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + 3 * places * 'x');
  }

  @Test
  void of_a_place_of_more_lines_each_one_is_read_too() {
    touches.add(mapping, 1000, 260);
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + (3 + 4) * 'x');
  }

  @Test
  void the_bytes_that_are_read_are_the_ends_the_middle_and_the_beginnings_of_lines_between()
      throws IOException {
    Mapping marked = map("ends and middle", Map.of(1000, 1, 1064, 2, 1128, 4, 1192, 100));
    touches.add(marked, 1000, 129);
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + (1 + 2 + 4));

    Mapping lines = map("lines", Map.of(1000, 1, 1064, 2, 1128, 4, 1129, 8, 1192, 16, 1256, 32));
    touches.add(lines, 1000, 257);
    touches.run();
    int sum = 7 + 1 + 4 + 32 + 2 + 4 + 16; // The middle begins a line.
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + sum);

    touches.add(lines, 1000, 260);
    touches.run();
    sum += 1 + 8 + 2 + 4 + 16 + 32;
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + sum);
  }

  @Test
  void of_a_place_of_one_byte_that_is_read() {
    touches.add(mapping, 0, 1);
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + 3 * 'x');
  }

  @Test
  void places_are_kept_for_each_mapping_until_they_are_touched() throws IOException {
    Mapping other = map("other", Map.of(7, 1, 8, 2));
    touches.add(mapping, 7, 1);
    touches.add(other, 7, 1);
    touches.add(other, 8, 1);
    touches.add(mapping, 8, 1);
    assertThat(touches).hasToString("4 places, checksum of touched bytes 0");

    touches.run();
    int sum = 3 * (2 * 'x' + 1 + 2);
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + sum);
  }

  @Test
  void a_mapping_that_has_no_use_for_it_is_left_alone() throws IOException {
    try (DiskFile file = new SimulatedDisk().create("file")) {
      file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      touches.add(file.map(3, Access.READ), 0, 3);
    }
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes 0");
  }

  @Test
  void what_of_a_place_lies_behind_the_mapping_is_left_out() {
    touches.add(mapping, LENGTH - 70, 1000);
    touches.add(mapping, 5, 0);
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes " + 3 * 'x');
  }

  @Test
  void places_outside_a_mapping_are_left_out() {
    touches.add(mapping, -1, 1);
    touches.add(mapping, LENGTH, 1);
    touches.run();
    assertThat(touches).hasToString("0 places, checksum of touched bytes 0");
  }

  @Test
  void a_mapping_that_was_closed_or_cut_meanwhile_costs_nothing() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("file").toFile(), "rw")) {
      file.setLength(PAGE);
    }
    touches.add(mapping, LENGTH - 1, 1);
    assertThatCode(touches::run).doesNotThrowAnyException();
    mapping.close();
    touches.add(mapping, 0, 1);
    assertThatCode(touches::run).doesNotThrowAnyException();
  }
}
