package io.minikv.engine.io;

import static io.minikv.engine.io.DiskContract.bytes;
import static io.minikv.engine.io.DiskContract.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files that are open while their names change: it is always the right one that is mapped. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NioNamesTest {

  @TempDir private Path directory;

  private Disk disk;

  @BeforeEach
  void openDisk() throws IOException {
    disk = NioDisk.open(directory, false);
  }

  @Test
  void a_file_that_is_open_twice_is_mapped_under_its_new_name_by_both() throws IOException {
    try (DiskFile first = create("a", "text");
        DiskFile second = disk.open("a", Access.READ)) {
      disk.rename("a", "b");
      assertMapped(first, "text");
      assertMapped(second, "text");

      disk.rename("b", "c");
      assertMapped(first, "text");
    }
  }

  @Test
  void other_files_keep_their_names_when_one_is_renamed_or_deleted() throws IOException {
    try (DiskFile kept = create("kept", "text");
        DiskFile renamed = create("a", "other");
        DiskFile deleted = create("x", "gone")) {
      disk.rename("a", "b");
      disk.delete("x");

      assertMapped(kept, "text");
      assertMapped(renamed, "other");
      assertNameless(deleted, "x");
    }
  }

  @Test
  void a_file_that_is_renamed_to_its_own_name_is_still_there() throws IOException {
    try (DiskFile file = create("a", "text")) {
      disk.rename("a", "a");

      assertMapped(file, "text");
    }
  }

  @Test
  void a_change_of_names_that_failed_changes_nothing() throws IOException {
    Files.createDirectories(directory.resolve("folder/full"));
    try (DiskFile file = create("a", "text")) {
      assertThatIOException().isThrownBy(() -> disk.rename("a", "folder"));
      assertThatIOException().isThrownBy(() -> disk.delete("folder"));
      assertThatIOException().isThrownBy(() -> disk.rename("missing", "a"));

      assertMapped(file, "text");
    }
  }

  @Test
  void a_replaced_file_is_not_mapped_though_its_successor_has_its_name() throws IOException {
    try (DiskFile old = create("a", "old");
        DiskFile fresh = create("b", "new")) {
      disk.rename("b", "a");

      assertNameless(old, "a");
      assertMapped(fresh, "new");
    }
  }

  @Test
  void every_call_may_come_from_another_thread_than_the_one_before() throws Exception {
    try (DiskFile file = disk.create("a")) {
      byOtherThread(() -> file.write(0, bytes("text")));
      byOtherThread(() -> file.allocate(100, DiskFile.Pieces.SMALL));
      byOtherThread(() -> file.truncate(4));
      byOtherThread(() -> file.write(0, bytes("TEXT")));
      byOtherThread(() -> file.truncate(3));
      byOtherThread(() -> file.map(3, Access.READ).close());
      byOtherThread(() -> disk.rename("a", "b"));
      byOtherThread(() -> disk.create("c").close());
      byOtherThread(() -> disk.delete("c"));
      byOtherThread(() -> disk.open("b", Access.READ).close());

      assertMapped(file, "TEX");
    }
  }

  @Test
  void a_file_that_was_closed_takes_nothing_and_leaves_nothing_open() throws IOException {
    DiskFile file = create("a", "text");
    Mapping mapping = file.map(4, Access.READ);
    assertThat(OpenFiles.below(directory)).hasSize(2);

    file.close();
    assertThat(OpenFiles.below(directory)).hasSize(1);
    assertThat(read(mapping, 0, 4)).isEqualTo("text");
    mapping.close();
    assertThat(OpenFiles.below(directory)).isEmpty();

    assertThatThrownBy(() -> file.map(4, Access.READ)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> file.allocate(10, DiskFile.Pieces.SMALL))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(directory.resolve("a")).hasContent("text");
  }

  @Test
  void nothing_is_left_mapped_or_open_where_mapping_or_opening_failed() throws IOException {
    try (DiskFile file = create("a", "text")) {
      Files.delete(directory.resolve("a")); // Outside: the engine does not know.
      assertThatIOException().isThrownBy(() -> file.map(4, Access.READ));
    }
    assertThatIOException().isThrownBy(() -> disk.open("a", Access.READ));

    assertThat(OpenFiles.below(directory)).isEmpty();
  }

  private DiskFile create(String name, String text) throws IOException {
    DiskFile file = disk.create(name);
    file.write(0, bytes(text));
    return file;
  }

  private static void assertMapped(DiskFile file, String text) throws IOException {
    try (Mapping mapping = file.map(text.length(), Access.READ)) {
      assertThat(read(mapping, 0, text.length())).isEqualTo(text);
    }
  }

  private static void assertNameless(DiskFile file, String name) {
    assertThatThrownBy(() -> file.map(1, Access.READ))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(name + ": was deleted or replaced and cannot be mapped");
  }

  private static void byOtherThread(NioOpenFiles.IoAction action) throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> done =
          executor.submit(() -> {
            action.run();
            return true;
          });
      done.get();
    }
  }
}
