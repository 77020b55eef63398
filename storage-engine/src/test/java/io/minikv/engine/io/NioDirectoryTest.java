package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories can be opened, for what, and who has one. */
class NioDirectoryTest {

  /** A directory that can be read, but never be written, whoever this user is. */
  private static final Path UNWRITABLE = Path.of("/proc/self");

  @TempDir private Path temporary;

  @Test
  void a_directory_is_known_by_its_real_path() throws IOException {
    Path directory = Files.createDirectory(temporary.toRealPath().resolve("store"));
    Path alias = Files.createSymbolicLink(temporary.resolve("alias"), directory);

    assertThat(NioDisk.open(alias, false).describe()).isEqualTo(directory.toString());
    assertThat(NioDisk.openToRead(alias.resolve("../alias")).describe())
        .isEqualTo(directory.toString());
  }

  @Test
  void a_read_only_file_system_cannot_be_opened_for_writing() {
    Path javaBase = Path.of(URI.create("jrt:/java.base"));

    assertThatIOException()
        .isThrownBy(() -> NioDisk.open(javaBase, false))
        .withMessage(javaBase + " is on a read-only file system");
  }

  @Test
  void a_directory_that_may_not_be_searched_cannot_even_be_read() {
    Path javaBase = Path.of(URI.create("jrt:/java.base"));

    assertThatThrownBy(() -> NioDisk.openToRead(javaBase))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(javaBase + " cannot be read by this user; its permissions are in the way");
  }

  @Test
  void a_directory_that_cannot_be_written_can_be_read_without_its_lock() throws IOException {
    assumeThat(Files.isDirectory(UNWRITABLE) && !Files.isWritable(UNWRITABLE)).isTrue();

    assertThatThrownBy(() -> NioDisk.open(UNWRITABLE, false))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("cannot be read and written by this user");
    NioDisk disk = NioDisk.openToRead(UNWRITABLE);
    disk.lock("LOCK", "first").close();
    assertThat(disk.hasSafeMappedStores()).isFalse();
    assertThat(disk.list()).contains("status").doesNotContain("LOCK");
  }

  @Test
  void a_directory_below_an_unwritable_one_is_reported_as_not_created() {
    assumeThat(Files.isDirectory(UNWRITABLE)).isTrue();

    assertThatIOException()
        .isThrownBy(() -> NioDisk.open(UNWRITABLE.resolve("below"), true))
        .withMessageStartingWith(UNWRITABLE + "/below cannot be created: ");
  }

  @Test
  void what_is_opened_for_reading_must_be_a_directory() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    Path missing = temporary.resolve("missing");

    assertThatThrownBy(() -> NioDisk.openToRead(file))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage(file + " is a file; a directory is needed");
    assertThatThrownBy(() -> NioDisk.openToRead(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + " does not exist");
    assertThat(missing).doesNotExist();
  }

  @Test
  void who_only_reads_has_the_lock_too_where_the_directory_can_be_written() throws IOException {
    try (DirectoryLock _ = NioDisk.openToRead(temporary).lock("LOCK", "the reader")) {
      Disk writer = NioDisk.open(temporary, false);
      assertThatThrownBy(() -> writer.lock("LOCK", "the writer"))
          .isInstanceOf(DirectoryLockedException.class)
          .hasMessage("locked by the reader");
    }
  }

  @Test
  void directories_are_listed_apart_from_files() throws IOException {
    Files.createDirectory(temporary.resolve("folder"));
    Files.writeString(temporary.resolve("file"), "x");
    Disk disk = NioDisk.open(temporary, false);

    assertThat(disk.directories()).containsExactly("folder");
    assertThat(disk.list()).containsExactly("file");
  }

  @Test
  void a_directory_for_other_files_is_created_with_its_parents_and_must_be_empty()
      throws IOException {
    Disk disk = NioDisk.open(temporary, false);
    Path other = temporary.toRealPath().resolve("x/other");

    Disk created = disk.emptyDirectory(other);
    assertThat(created.describe()).isEqualTo(other.toString());
    assertThat(disk.emptyDirectory(other).list()).isEmpty();
    created.create("file").close();
    assertThatThrownBy(() -> disk.emptyDirectory(other))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessage(other.toString());
  }

  @Test
  void names_in_a_directory_that_is_gone_cannot_be_made_durable() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("gone"));
    Disk disk = NioDisk.open(directory, false);
    disk.forceDirectory();
    Files.delete(directory);

    assertThatIOException().isThrownBy(disk::forceDirectory).withMessageContaining("gone");
  }

  @Test
  void a_lock_file_that_is_an_alias_of_another_one_is_the_same_lock() throws IOException {
    Files.createFile(temporary.resolve("LOCK"));
    Files.createSymbolicLink(temporary.resolve("ALIAS"), temporary.resolve("LOCK"));
    Disk disk = NioDisk.open(temporary, false);

    try (DirectoryLock _ = disk.lock("ALIAS", "the first")) {
      assertThatThrownBy(() -> disk.lock("LOCK", "the second"))
          .isInstanceOf(DirectoryLockedException.class)
          .hasMessage("locked by the first");
    }
  }

  @Test
  void a_lock_is_one_of_the_system_until_it_is_given_back() throws IOException {
    Disk disk = NioDisk.open(temporary, false);
    Path file = temporary.resolve("LOCK");
    try (DirectoryLock _ = disk.lock("LOCK", "the engine");
        FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
    }
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(other.tryLock()).isNotNull();
    }
  }

  @Test
  void a_lock_that_other_code_of_the_process_has_is_not_taken_and_nothing_is_left_open()
      throws IOException {
    Disk disk = NioDisk.open(temporary, false);
    Path file = Files.writeString(temporary.resolve("LOCK"), "other code");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.lock();
      assertThatIOException()
          .isThrownBy(() -> disk.lock("LOCK", "the engine"))
          .withMessageEndingWith("LOCK is locked by other code of this process");
      assertThat(OpenFiles.below(temporary)).hasSize(1);
      assertThat(file).hasContent("other code");
    }
    disk.lock("LOCK", "the engine").close();
    assertThat(OpenFiles.below(temporary)).isEmpty();
  }
}
