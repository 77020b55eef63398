package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Complete segments have key files, whatever happens to those, and others have none. */
class KeyFilesTest {

  private static final int KEYS = 40;

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void each_complete_segment_gets_a_key_file_and_the_active_one_none() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store);
      assertThat(withKeyFiles(disk)).hasSizeGreaterThan(3).isEqualTo(complete(store));
    }
  }

  @Test
  void a_compaction_takes_key_files_away_with_their_segments() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store);
      write(store);
      Set<Long> before = withKeyFiles(disk);

      store.compact(ProgressListener.NONE);

      assertThat(withKeyFiles(disk)).isEqualTo(complete(store)).doesNotContainAnyElementsOf(before);
    }
  }

  @Test
  void a_missing_key_file_is_made_when_the_store_is_opened() {
    DiskImage image = closedStore();
    String name = keyFileName(image);

    SimulatedDisk copy = SimulatedDisk.from(image.without(name));
    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(withKeyFiles(copy)).isEqualTo(complete(store));
    }
    assertThat(copy.processKill().bytes(name)).isEqualTo(image.bytes(name));
  }

  @Test
  void a_damaged_key_file_is_made_anew_when_the_store_is_opened() {
    DiskImage image = closedStore();
    String name = keyFileName(image);
    byte[] damaged = image.bytes(name).clone();
    damaged[damaged.length - 1] ^= 1;

    SimulatedDisk copy = SimulatedDisk.from(image.with(name, damaged));
    try (SegmentedStore store = Stores.open(copy)) {
      assertAllThere(store);
    }
    assertThat(copy.processKill().bytes(name)).isEqualTo(image.bytes(name));
  }

  @Test
  void a_compaction_goes_on_without_key_files_that_turn_out_to_be_damaged() throws IOException {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store);
      write(store);
      for (long number : withKeyFiles(disk)) {
        BitFlips.flip(disk, FileNames.keys(number), KeyFileHeader.LENGTH + 9);
      }

      CompactionReport report = store.compact(ProgressListener.NONE);

      assertThat(report.droppedRecords()).isPositive();
      assertAllThere(store);
      assertThat(withKeyFiles(disk)).isEqualTo(complete(store));
    }
    try (SegmentedStore reopened = Stores.open(disk)) {
      assertAllThere(reopened);
    }
  }

  @Test
  void left_over_key_files_are_removed_when_the_store_is_opened() {
    DiskImage image = closedStore();
    byte[] bytes = image.bytes(keyFileName(image));
    SimulatedDisk copy =
        SimulatedDisk.from(
            image
                .with(FileNames.keys(999), bytes)
                .with(FileNames.keysTemporary(998), bytes)
                .with(keyFileName(image) + ".tmp", bytes));

    try (SegmentedStore store = Stores.open(copy)) {
      assertAllThere(store);
      assertThat(withKeyFiles(copy)).isEqualTo(complete(store));
    }
    assertThat(copy.processKill().names()).noneMatch(name -> name.endsWith(".keys.tmp"));
  }

  @Test
  void a_disk_that_has_no_space_for_key_files_costs_nothing_but_those() {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.WRITE && isOfKeyFile(operation)) {
              throw new IOException("No space left on device");
            }
          }
        });

    try (SegmentedStore store = Stores.open(disk)) {
      write(store);
      assertThat(withKeyFiles(disk)).isEmpty();
      store.compact(ProgressListener.NONE);
      assertAllThere(store);
      assertThat(store.health().writable()).isTrue();
    }
    disk.listen(DiskListener.NONE);
    try (SegmentedStore store = Stores.open(disk)) {
      assertAllThere(store);
      assertThat(withKeyFiles(disk)).isEqualTo(complete(store));
    }
  }

  @Tag("lengthy")
  @Test
  void key_files_are_made_and_removed_in_the_traces_of_crashes() {
    CrashScenario.all(20_250_101)
        .forEach(scenario -> {
          Set<OperationType> seen =
              scenario.operationsOn(file -> file.contains(".keys")); // A renaming tells two names.

          assertThat(seen)
              .as("%s", scenario)
              .contains(
                  OperationType.CREATE,
                  OperationType.WRITE,
                  OperationType.FORCE,
                  OperationType.RENAME,
                  OperationType.DELETE);
        });
  }

  private static boolean isOfKeyFile(Operation operation) {
    return FileNames.keysNumber(operation.file()).isPresent();
  }

  private DiskImage closedStore() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store);
    }
    return disk.processKill();
  }

  private static String keyFileName(DiskImage image) {
    return image.names().stream().filter(name -> name.endsWith(".keys")).findFirst().orElseThrow();
  }

  private static void write(SegmentedStore store) {
    for (int i = 0; i < KEYS; i++) {
      put(store, "key-" + i, "value " + i + "x".repeat(400));
    }
    store.delete(Key.of("key-0"));
  }

  private static void assertAllThere(SegmentedStore store) {
    assertThat(text(store, "key-0")).isEmpty();
    for (int i = 1; i < KEYS; i++) {
      assertThat(text(store, "key-" + i)).hasValue("value " + i + "x".repeat(400));
    }
  }

  private static Set<Long> withKeyFiles(SimulatedDisk disk) {
    Set<Long> numbers = new TreeSet<>();
    for (String name : disk.processKill().names()) {
      if (name.endsWith(".keys")) {
        numbers.add(FileNames.keysNumber(name).orElseThrow());
      }
    }
    return numbers;
  }

  private static Set<Long> complete(SegmentedStore store) {
    Set<Long> numbers = new TreeSet<>();
    store.statistics().segments().stream()
        .filter(segment -> !segment.active())
        .forEach(segment -> numbers.add(segment.number()));
    return numbers;
  }
}
