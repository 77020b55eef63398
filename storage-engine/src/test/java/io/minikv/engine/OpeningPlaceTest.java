package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minikv.domain.KeyRange;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.RecoveryReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said about places where no store can be, and what is in nobody's way. */
@Timeout(60)
class OpeningPlaceTest {

  @TempDir private Path directory;

  @Test
  void a_missing_and_an_empty_directory_become_a_store() throws IOException {
    for (Path place : List.of(directory, directory.resolve("a/b"))) {
      try (SegmentedStore store = SegmentedStore.open(place, Stores.SMALL_SEGMENTS)) {
        assertThat(recovery(store).outcome()).isEqualTo(Outcome.CREATED);
        assertThat(store.count(KeyRange.all())).isZero();
      }
    }
  }

  @Test
  void a_file_is_no_store() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");

    assertThatOpening(file, Reason.INACCESSIBLE)
        .withMessage(
            "The store in "
                + file
                + " cannot be opened: "
                + file
                + " is a file; a directory is needed.");
  }

  @Test
  void a_directory_with_files_of_something_else_is_left_alone() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "text");

    assertThatOpening(directory, Reason.FOREIGN)
        .withMessage(
            directory
                + " holds notes.txt, which is no part of a store. Choose an empty directory, or one that holds a store.");
    assertThat(directory)
        .isDirectoryContaining("glob:**notes.txt")
        .satisfies(place -> assertThat(place.toFile().list()).containsExactly("notes.txt"));
  }

  @Test
  void a_directory_with_directories_of_something_else_is_left_alone() throws IOException {
    Files.createDirectories(directory.resolve("photos/2024"));

    assertThatOpening(directory, Reason.FOREIGN)
        .withMessage(
            directory
                + " holds photos, which is no part of a store. Choose an empty directory, or one that holds a store.");
    assertThat(directory.toFile().list()).containsExactly("photos");
  }

  @Test
  void a_directory_in_the_place_of_a_file_is_reported() throws IOException {
    Files.createDirectory(directory.resolve("MANIFEST"));

    assertThatOpening(directory, Reason.FOREIGN)
        .withMessageContaining(" holds MANIFEST, which is ");
  }

  @Test
  void a_lock_that_is_a_directory_is_reported() throws IOException {
    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
    Files.delete(directory.resolve("LOCK"));
    Files.createDirectory(directory.resolve("LOCK"));

    assertThatOpening(directory, Reason.INACCESSIBLE)
        .withMessageContaining(directory.resolve("LOCK").toString());
  }

  @Test
  void directories_beside_a_store_are_left_alone() throws IOException {
    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
    Files.createDirectories(directory.resolve("backups/monday"));

    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      assertThat(recovery(store).findings()).isEmpty();
    }
    assertThat(directory.resolve("backups/monday")).isDirectory();
  }

  @Test
  void an_unfinished_copy_is_no_store() throws IOException {
    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
    Files.writeString(directory.resolve("INCOMPLETE"), "");

    assertThatOpening(directory, Reason.FOREIGN)
        .withMessage(
            directory.toRealPath()
                + " holds a copy of a store that was never finished, as the file INCOMPLETE says."
                + " Remove the directory, and make the copy again.");
  }

  @Test
  void hidden_files_and_the_directory_of_a_new_file_system_are_in_nobodys_way() throws IOException {
    Files.writeString(directory.resolve(".keep"), "");
    Files.createDirectory(directory.resolve("lost+found"));

    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
  }

  @Test
  void foreign_files_beside_a_store_are_left_alone() throws IOException {
    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
    Files.writeString(directory.resolve("notes.txt"), "text");
    Files.writeString(directory.resolve("server.log"), "text");

    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      assertThat(recovery(store).findings()).isEmpty();
    }
    assertThat(directory.resolve("notes.txt")).hasContent("text");
    assertThat(directory.resolve("server.log")).hasContent("text");
  }

  @Test
  void a_directory_without_permission_is_reported() throws IOException {
    Path place = Files.createDirectory(directory.resolve("forbidden"));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeThat(Files.isWritable(place)).as("this user may write anywhere").isFalse();

    assertThatOpening(place, Reason.INACCESSIBLE)
        .withMessageContaining("its permissions are in the way");
  }

  @Tag("lengthy")
  @Test
  void a_read_only_file_system_is_reported() throws Exception {
    Path place = Files.createDirectory(directory.resolve("read-only"));
    try (Mount mount = Mount.tmpfs(place, "size=1m,ro")) {
      assumeThat(mount.problem()).as("a read-only file system can be mounted").isEmpty();

      assertThatOpening(place, Reason.INACCESSIBLE)
          .withMessage(
              "The store in "
                  + place
                  + " cannot be opened: "
                  + place
                  + " is on a read-only file system.");
    }
  }

  private static RecoveryReport recovery(SegmentedStore store) {
    return store.statistics().recovery();
  }

  private static ThrowableAssertAlternative<StoreUnavailableException> assertThatOpening(
      Path place, Reason reason) {
    return assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> SegmentedStore.open(place, Stores.SMALL_SEGMENTS))
        .returns(reason, StoreUnavailableException::reason);
  }
}
