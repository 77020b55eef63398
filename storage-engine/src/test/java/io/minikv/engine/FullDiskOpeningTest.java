package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What an opening after a crash gives up when the disk is full. */
class FullDiskOpeningTest {

  private static final String KEY_FILES_REMOVED =
      "The disk is full: the key files were removed to open the store."
          + " They are made again when there is space.";
  private static final String SNAPSHOTS_REMOVED =
      "The disk is full: the index snapshots were removed to open the store."
          + " They are made again when there is space.";

  /** A store of some segments with key files and a snapshot, left by a crash. */
  private final DiskImage killed = killed();

  private static DiskImage killed() {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 20; i++) {
      put(store, "key-" + i, "x".repeat(1_000));
    }
    store.snapshot();
    put(store, "last", "value");
    DiskImage image = disk.processKill();
    assertThat(image.names()).anyMatch(FileNames::isOfKeys).anyMatch(FileNames::isSnapshot);
    return image;
  }

  /** A disk without space for anything as long as it holds certain files. */
  private static SimulatedDisk fullWith(DiskImage image, Predicate<String> files) {
    SimulatedDisk disk = SimulatedDisk.from(image);
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type().needsSpace()
                && !operation.file().equals(FileNames.LOCK)
                && disk.processKill().names().stream().anyMatch(files)) {
              throw new DiskFullException("no space");
            }
          }
        });
    return disk;
  }

  private static void assertOpens(SimulatedDisk disk, String... findings) {
    try (SegmentedStore store = Stores.open(disk)) {
      disk.listen(DiskListener.NONE);
      assertThat(store.statistics().recovery().findings())
          .filteredOn(finding -> !finding.contains(".keys is missing. "))
          .containsExactly(findings);
      assertThat(text(store, "last")).contains("value");
      assertThat(store.statistics().keys()).isEqualTo(21);
      put(store, "more", "value");
    }
  }

  @Test
  void with_enough_space_nothing_is_given_up() {
    assertOpens(SimulatedDisk.from(killed));
  }

  @Test
  void space_that_was_allocated_ahead_of_the_log_is_enough() {
    SimulatedDisk disk = new SimulatedDisk();
    put(Stores.open(disk), "a", "1");
    byte[] log = Arrays.copyOf(disk.processKill().bytes("000000001.log"), 1 << 20);
    DiskImage image = disk.processKill().with("000000001.log", log);
    SimulatedDisk full = SimulatedDisk.from(image);
    full.setCapacity(image.names().stream().mapToLong(name -> image.bytes(name).length).sum());

    try (SegmentedStore store = Stores.open(full)) {
      assertThat(text(store, "a")).contains("1");
      assertThat(store.statistics().recovery().findings()).isEmpty();
    }
  }

  @Test
  void key_files_go_first() {
    assertOpens(fullWith(killed, FileNames::isOfKeys), KEY_FILES_REMOVED);
  }

  @Test
  void index_snapshots_go_when_that_is_not_enough() {
    assertOpens(fullWith(killed, FileNames::isSnapshot), KEY_FILES_REMOVED, SNAPSHOTS_REMOVED);
  }

  @Test
  void what_was_not_there_is_not_told_of() {
    DiskImage image = killed;
    for (String name : killed.names().stream().filter(FileNames::isOfKeys).toList()) {
      image = image.without(name);
    }

    assertOpens(fullWith(image, FileNames::isSnapshot), SNAPSHOTS_REMOVED);
  }

  @Test
  void when_nothing_helps_the_store_is_not_opened_and_nothing_is_lost() throws IOException {
    SimulatedDisk disk = fullWith(killed, name -> true);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> Stores.open(disk))
        .withMessage(
            "The store in /simulated cannot be opened: no space. After a crash an opening needs some"
                + " space: free a few megabytes, and open it again. Nothing is lost.")
        .returns(Reason.INACCESSIBLE, StoreUnavailableException::reason);

    assertOpens(SimulatedDisk.from(disk.processKill()));
    disk.listen(DiskListener.NONE);
    OpenFiles.requireNone(disk);
  }
}
