package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Disk} promises, but for what is left after a power cut. */
abstract class DiskContract {

  private Disk disk;

  /** A new disk on an empty directory. */
  abstract Disk createDisk() throws IOException;

  /** Another directory of the same file system. */
  abstract Disk otherDirectory() throws IOException;

  /** Where {@link #otherDirectory()} is. */
  abstract Path otherPath();

  @BeforeEach
  void openDisk() throws IOException {
    disk = createDisk();
  }

  @Test
  void starts_without_files() throws IOException {
    assertThat(disk.list()).isEmpty();
    assertThat(disk.exists("a")).isFalse();
  }

  @Test
  void a_created_file_is_empty_and_listed() throws IOException {
    try (DiskFile file = disk.create("a")) {
      assertThat(file.size()).isZero();
      assertThat(file.name()).isEqualTo("a");
    }
    assertThat(disk.list()).containsExactly("a");
    assertThat(disk.exists("a")).isTrue();
  }

  @Test
  void creating_a_file_fails_when_the_name_is_taken() throws IOException {
    write("a", "kept");
    assertThatThrownBy(() -> disk.create("a")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read("a")).isEqualTo("kept");
  }

  @Test
  void opening_renaming_and_deleting_a_file_that_is_not_there_fails() {
    assertThatThrownBy(() -> disk.open("a", Access.READ)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.open("a", Access.READ_WRITE))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.rename("a", "b")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.delete("a")).isInstanceOf(NoSuchFileException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/a", "../a", "a\\b", "\\a", "a\0b", "\0a"})
  void only_plain_file_names_are_taken(String name) {
    assertThatThrownBy(() -> disk.create(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.open(name, Access.READ))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.exists(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.rename("a", name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.rename(name, "a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.delete(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.link(name, otherPath()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> disk.lock(name, "me")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reads_give_what_was_written() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("hello world"));
      file.write(6, bytes("there"));
      assertThat(read(file, 0, 100)).isEqualTo("hello there");
      assertThat(read(file, 6, 3)).isEqualTo("the");
      assertThat(file.size()).isEqualTo(11);
    }
  }

  @Test
  void a_read_ends_where_the_file_does() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("abc"));
      ByteBuffer target = ByteBuffer.allocate(10);
      assertThat(file.read(1, target)).isEqualTo(2);
      assertThat(target.position()).isEqualTo(2);
      assertThat(file.read(3, target)).isZero();
      assertThat(file.read(1000, target)).isZero();
    }
  }

  @Test
  void a_write_of_several_megabytes_arrives_whole() throws IOException {
    byte[] data = new byte[3_500_001];
    new Random(1).nextBytes(data);
    try (DiskFile file = disk.create("a")) {
      file.write(0, ByteBuffer.wrap(data));
      ByteBuffer direct = ByteBuffer.allocateDirect(data.length);
      assertThat(file.read(0, direct)).isEqualTo(data.length);
      byte[] back = new byte[data.length];
      direct.flip().get(back);
      assertThat(back).isEqualTo(data);
    }
  }

  @Test
  void reads_and_writes_respect_position_and_limit_of_buffers() throws IOException {
    try (DiskFile file = disk.create("a")) {
      ByteBuffer source = bytes("0123456789").position(2).limit(5);
      file.write(0, source);
      assertThat(source.remaining()).isZero();
      ByteBuffer target = ByteBuffer.allocate(10).position(4).limit(6);
      assertThat(file.read(0, target)).isEqualTo(2);
      assertThat(new String(target.array(), UTF_8)).isEqualTo("\0\0\0\00023\0\0\0\0");
    }
  }

  @Test
  void allocated_space_reads_as_zeros_and_keeps_what_was_there() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("abc"));
      file.allocate(1_000_000, DiskFile.Pieces.SMALL);
      assertThat(file.size()).isEqualTo(1_000_000);
      assertThat(read(file, 0, 5)).isEqualTo("abc\0\0");
      assertThat(read(file, 999_999, 5)).isEqualTo("\0");
      file.allocate(10, DiskFile.Pieces.SMALL);
      assertThat(file.size()).isEqualTo(1_000_000);
    }
  }

  @Test
  void truncation_makes_a_file_shorter_and_never_longer() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("abcdef"));
      file.truncate(3);
      assertThat(read(file, 0, 10)).isEqualTo("abc");
      file.truncate(5);
      assertThat(file.size()).isEqualTo(3);
      file.allocate(6, DiskFile.Pieces.SMALL);
      assertThat(read(file, 0, 10)).isEqualTo("abc\0\0\0");
    }
  }

  @Test
  void a_file_opened_for_reading_cannot_be_changed() throws IOException {
    write("a", "abc");
    try (DiskFile file = disk.open("a", Access.READ)) {
      assertThatThrownBy(() -> file.write(0, bytes("x"))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.allocate(100, DiskFile.Pieces.SMALL))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.map(3, Access.READ_WRITE)).isInstanceOf(IOException.class);
      file.force();
    }
    assertThat(read("a")).isEqualTo("abc");
  }

  @Test
  void a_closed_file_says_so() throws IOException {
    DiskFile file = disk.create("a");
    file.close();
    file.close();
    assertThatThrownBy(() -> file.read(0, ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> file.write(0, bytes("x"))).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(file::force).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void forces_succeed() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("abc"));
      file.force();
    }
    disk.forceDirectory();
    assertThat(read("a")).isEqualTo("abc");
  }

  @Test
  void renaming_replaces_the_file_that_has_the_name() throws IOException {
    write("a", "new");
    write("b", "old");
    disk.rename("a", "b");
    assertThat(disk.list()).containsExactly("b");
    assertThat(read("b")).isEqualTo("new");
  }

  @Test
  void an_open_file_is_the_same_after_it_was_renamed() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("abc"));
      disk.rename("a", "b");
      write("a", "other");
      file.write(3, bytes("def"));
      assertThat(read("b")).isEqualTo("abcdef");
      try (Mapping mapping = file.map(6, Access.READ)) {
        assertThat(read(mapping, 0, 6)).isEqualTo("abcdef");
      }
    }
  }

  @Test
  void a_deleted_file_stays_readable_while_it_is_open_or_mapped() throws IOException {
    write("a", "abc");
    DiskFile file = disk.open("a", Access.READ);
    Mapping mapping = file.map(3, Access.READ);
    disk.delete("a");
    assertThat(disk.exists("a")).isFalse();
    assertThat(read(file, 0, 3)).isEqualTo("abc");
    assertThatThrownBy(() -> file.map(3, Access.READ)).isInstanceOf(IOException.class);
    file.close();
    assertThat(read(mapping, 0, 3)).isEqualTo("abc");
    mapping.close();
  }

  @Test
  void a_replaced_file_stays_readable_and_is_not_mistaken_for_its_successor() throws IOException {
    write("a", "old");
    try (DiskFile file = disk.open("a", Access.READ)) {
      write("b", "new");
      disk.rename("b", "a");
      assertThat(read(file, 0, 3)).isEqualTo("old");
      assertThatThrownBy(() -> file.map(3, Access.READ)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_linked_file_is_in_both_directories_and_outlives_the_first_name() throws IOException {
    Disk other = otherDirectory();
    write("a", "abc");
    disk.link("a", otherPath());
    disk.delete("a");
    try (DiskFile file = other.open("a", Access.READ)) {
      assertThat(read(file, 0, 3)).isEqualTo("abc");
    }
  }

  @Test
  void a_link_does_not_replace_a_file() throws IOException {
    otherDirectory().create("a").close();
    write("a", "abc");
    assertThatThrownBy(() -> disk.link("a", otherPath()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.link("missing", otherPath()))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void a_mapping_shows_the_file() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.write(0, bytes("hello"));
      try (Mapping mapping = file.map(5, Access.READ)) {
        assertThat(mapping.size()).isEqualTo(5);
        assertThat(read(mapping, 1, 3)).isEqualTo("ell");
        file.write(0, bytes("j"));
        assertThat(read(mapping, 0, 5)).isEqualTo("jello");
      }
    }
  }

  @Test
  void stores_to_a_mapping_show_in_the_file_and_can_be_forced() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.allocate(20_000, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(20_000, Access.READ_WRITE)) {
        mapping.write(9_000, "xhello".getBytes(UTF_8), 1, 5);
        mapping.force(9_000, 5);
        mapping.force(0, 20_000);
        mapping.force(0, 0);
        assertThat(read(file, 9_000, 5)).isEqualTo("hello");
        assertThat(read(mapping, 9_000, 5)).isEqualTo("hello");
      }
      file.force();
    }
  }

  @Test
  void a_mapping_for_reading_takes_no_stores() throws IOException {
    write("a", "abc");
    try (DiskFile file = disk.open("a", Access.READ);
        Mapping mapping = file.map(3, Access.READ)) {
      assertThatThrownBy(() -> mapping.write(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void no_more_than_the_file_has_can_be_mapped() throws IOException {
    write("a", "abc");
    try (DiskFile file = disk.open("a", Access.READ_WRITE)) {
      assertThatThrownBy(() -> file.map(4, Access.READ)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.map(4, Access.READ_WRITE)).isInstanceOf(IOException.class);
      assertThat(file.size()).isEqualTo(3);
      file.map(0, Access.READ).close();
    }
  }

  @Test
  void nothing_outside_of_a_mapping_can_be_reached() throws IOException {
    write("a", "abc");
    try (DiskFile file = disk.open("a", Access.READ);
        Mapping mapping = file.map(2, Access.READ)) {
      assertThatThrownBy(() -> mapping.read(1, new byte[2], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> mapping.read(-1, new byte[2], 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> mapping.read(0, new byte[1], 0, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void a_closed_mapping_says_so() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.allocate(10, DiskFile.Pieces.SMALL);
      Mapping mapping = file.map(10, Access.READ_WRITE);
      mapping.close();
      mapping.close();
      assertThatThrownBy(() -> mapping.read(0, new byte[1], 0, 1))
          .isInstanceOf(MappingClosedException.class);
      assertThatThrownBy(() -> mapping.write(0, new byte[1], 0, 1))
          .isInstanceOf(MappingClosedException.class);
      assertThatThrownBy(() -> mapping.force(0, 1)).isInstanceOf(MappingClosedException.class);
    }
  }

  @Test
  void reading_a_mapping_of_a_file_that_became_shorter_fails() throws IOException {
    try (DiskFile file = disk.create("a")) {
      file.allocate(100_000, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(100_000, Access.READ)) {
        file.truncate(0);
        assertThatThrownBy(() -> mapping.read(50_000, new byte[10], 0, 10))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void the_lock_is_held_by_one_at_a_time_who_can_be_named() throws IOException {
    try (DirectoryLock lock = disk.lock("LOCK", "process 1")) {
      assertThatThrownBy(() -> disk.lock("LOCK", "process 2"))
          .isInstanceOfSatisfying(
              DirectoryLockedException.class, e -> assertThat(e.holder()).isEqualTo("process 1"));
      assertThat(disk.list()).containsExactly("LOCK");
      assertThat(lock).isNotNull();
    }
    DirectoryLock second = disk.lock("LOCK", "process 2");
    second.close();
    second.close();
  }

  @Test
  void closing_a_lock_twice_does_not_take_it_from_the_next_holder() throws IOException {
    DirectoryLock first = disk.lock("LOCK", "me");
    first.close();
    try (DirectoryLock second = disk.lock("LOCK", "me")) {
      first.close();
      assertThatThrownBy(() -> disk.lock("LOCK", "third"))
          .isInstanceOf(DirectoryLockedException.class);
      assertThat(second).isNotNull();
    }
  }

  @Test
  void no_call_minds_an_interrupt_and_each_keeps_it() throws IOException {
    Thread.currentThread().interrupt();
    try (DirectoryLock lock = disk.lock("LOCK", "me");
        DiskFile file = disk.create("a")) {
      file.write(0, bytes("abc"));
      file.allocate(10_000, DiskFile.Pieces.SMALL);
      file.force();
      disk.forceDirectory();
      try (Mapping mapping = file.map(10_000, Access.READ_WRITE)) {
        mapping.write(0, new byte[] {'x'}, 0, 1);
        mapping.force(0, 10);
      }
      file.truncate(3);
      assertThat(read(file, 0, 10)).isEqualTo("xbc");
      disk.rename("a", "b");
      assertThat(disk.list()).contains("b");
      assertThat(lock).isNotNull();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void some_space_is_free_and_the_place_is_described() throws IOException {
    assertThat(disk.freeBytes()).isPositive();
    assertThat(disk.describe()).isNotEmpty();
  }

  final Disk disk() {
    return disk;
  }

  final void write(String name, String text) throws IOException {
    try (DiskFile file = disk.create(name)) {
      file.write(0, bytes(text));
    }
  }

  final String read(String name) throws IOException {
    try (DiskFile file = disk.open(name, Access.READ)) {
      return read(file, 0, 10_000);
    }
  }

  static String read(DiskFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int count = file.read(position, target);
    return new String(target.array(), 0, count, UTF_8);
  }

  static String read(Mapping mapping, long position, int length) throws IOException {
    byte[] target = new byte[length];
    mapping.read(position, target, 0, length);
    return new String(target, UTF_8);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
