package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading a number and the bytes behind it in one step, on real and on simulated disks. */
class MappingTest {

  private static final String TEXT = "0123\1\2\3\4behind it";

  @TempDir private Path directory;

  private enum Machine {
    REAL,
    SIMULATED
  }

  @ParameterizedTest
  @EnumSource
  void a_number_is_read_lowest_byte_first_with_the_bytes_behind_it(Machine machine)
      throws IOException {
    byte[] target = "..........".getBytes(US_ASCII);
    try (Mapping mapping = map(machine)) {
      assertThat(mapping.readBehindNumber(8, target, 2, 6)).isEqualTo(0x04030201);
    }
    assertThat(target).asString(US_ASCII).isEqualTo("..behind..");
  }

  @ParameterizedTest
  @EnumSource
  void a_number_may_stand_at_the_beginning_and_the_bytes_reach_to_the_end(Machine machine)
      throws IOException {
    byte[] target = new byte[TEXT.length() - 4];
    try (Mapping mapping = map(machine)) {
      assertThat(mapping.readBehindNumber(4, target, 0, target.length)).isEqualTo(0x33323130);
      assertThat(mapping.readBehindNumber(TEXT.length(), target, 0, 0)).isEqualTo(0x7469_2064);
    }
    assertThat(target).asString(US_ASCII).isEqualTo(TEXT.substring(4));
  }

  @ParameterizedTest
  @EnumSource
  void neither_the_number_nor_the_bytes_may_lie_outside(Machine machine) throws IOException {
    byte[] target = new byte[100];
    try (Mapping mapping = map(machine)) {
      assertThatThrownBy(() -> mapping.readBehindNumber(3, target, 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> mapping.readBehindNumber(8, target, 0, TEXT.length() - 7))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_mapping_that_was_closed_says_so(Machine machine) throws IOException {
    Mapping mapping = map(machine);
    mapping.close();

    assertThatThrownBy(() -> mapping.readBehindNumber(8, new byte[6], 0, 6))
        .isInstanceOf(MappingClosedException.class)
        .hasMessage("file is no longer mapped");
  }

  @ParameterizedTest
  @EnumSource
  void a_read_behind_the_end_of_a_file_that_became_shorter_fails_and_names_the_file(Machine machine)
      throws IOException {
    byte[] target = new byte[6];
    try (DiskFile file = disk(machine).create("file")) {
      file.allocate(100_000, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(100_000, Access.READ)) {
        file.truncate(0);
        assertThatIOException()
            .isThrownBy(() -> mapping.readBehindNumber(50_000, target, 0, 6))
            .withMessageStartingWith("file ")
            .withMessageContaining("shorter than when it was mapped");
        assertThatIOException()
            .isThrownBy(() -> mapping.read(50_000, target, 0, 6))
            .withMessageStartingWith("file ")
            .withMessageContaining("shorter than when it was mapped");
      }
    }
  }

  @Test
  void a_store_behind_the_end_of_a_file_that_became_shorter_fails_and_names_the_file()
      throws IOException {
    try (DiskFile file = disk(Machine.REAL).create("file")) {
      file.allocate(100_000, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(100_000, Access.READ_WRITE)) {
        file.truncate(0);
        assertThatIOException()
            .isThrownBy(() -> mapping.write(50_000, new byte[6], 0, 6))
            .withMessage("file cannot be written at 50000; is it shorter than when it was mapped?");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_outside_of_a_mapping_is_written_or_forced(Machine machine) throws IOException {
    try (Mapping mapping = map(machine)) {
      int end = TEXT.length();
      assertThatThrownBy(() -> mapping.write(end - 1, new byte[2], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> mapping.force(end - 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatCode(() -> mapping.force(end - 1, 1)).doesNotThrowAnyException();
    }
  }

  private Mapping map(Machine machine) throws IOException {
    try (DiskFile file = disk(machine).create("file")) {
      file.write(0, DiskContract.bytes(TEXT));
      return file.map(TEXT.length(), Access.READ_WRITE);
    }
  }

  private Disk disk(Machine machine) throws IOException {
    return machine == Machine.REAL ? NioDisk.open(directory, false) : new SimulatedDisk();
  }
}
