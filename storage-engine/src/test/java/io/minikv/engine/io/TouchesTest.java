package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    Disk disk = NioDisk.open(directory, false);
    DiskFile file = disk.create("file");
    file.write(0, ByteBuffer.wrap("x".repeat(LENGTH).getBytes(UTF_8)));
    mapping = file.map(LENGTH, Access.READ);
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
