package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.Reforged;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Key files are merged when scans are many, and scans show the same with and without. */
class MergedFilesTest {

  private static final int KEYS = 60;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Map<String, String> expected = new TreeMap<>();

  // ---- when there are some

  @Test
  void a_store_that_is_not_scanned_has_none() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      store.compact(ProgressListener.NONE);

      assertThat(merged(disk)).isEmpty();
    }
  }

  @Test
  void scans_leave_one_file_instead_of_many() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      assertThat(store.statistics().segments()).hasSizeGreaterThan(3);

      scanOften(store);

      assertThat(merged(disk)).hasSize(1);
      assertShowsAll(store);
    }
  }

  @Test
  void what_is_written_later_is_merged_with_it_in_the_end() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      scanOften(store);
      List<String> before = merged(disk);

      for (int round = 0; round < 3; round++) {
        write(store, "round " + round);
        scanOften(store);
        assertShowsAll(store);
      }

      assertThat(merged(disk)).hasSizeBetween(1, 3).doesNotContainAnyElementsOf(before);
    }
  }

  @Test
  void they_count_as_space_of_the_store() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      long before = store.statistics().diskBytes();

      scanOften(store);

      DiskImage image = disk.processKill();
      long bytes = merged(disk).stream().mapToLong(name -> image.bytes(name).length).sum();
      assertThat(store.statistics().diskBytes()).isEqualTo(before + bytes);
    }
  }

  // ---- compactions

  @Test
  void one_goes_when_most_of_what_it_covers_was_compacted() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      scanOften(store);
      List<String> before = merged(disk);
      write(store, "second");

      store.compact(ProgressListener.NONE);
      assertShowsAll(store);
      scanOften(store);

      assertThat(merged(disk)).hasSize(1).doesNotContainAnyElementsOf(before);
      assertShowsAll(store);
    }
  }

  @Test
  void a_cursor_goes_on_with_one_that_was_replaced() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      scanOften(store);
      List<String> before = merged(disk);
      Map<String, String> frozen = new TreeMap<>(expected);
      try (Cursor cursor = store.scan(KeyRange.all())) {
        List<String> shown = new ArrayList<>(List.of(shown(cursor)));

        write(store, "second");
        store.compact(ProgressListener.NONE);
        scanOften(store);
        assertThat(merged(disk)).doesNotContainAnyElementsOf(before);

        while (cursor.next()) {
          shown.add(cursor.key().utf8() + "=" + cursor.value().utf8());
        }
        assertThat(shown).containsExactlyElementsOf(lines(frozen));
      }
      assertShowsAll(store);
    }
  }

  private static String shown(Cursor cursor) {
    assertThat(cursor.next()).isTrue();
    return cursor.key().utf8() + "=" + cursor.value().utf8();
  }

  // ---- openings

  @Test
  void an_opening_takes_it_over() {
    DiskImage image = closedStore();
    List<String> names = merged(image);

    SimulatedDisk copy = SimulatedDisk.from(image);
    try (SegmentedStore store = Stores.open(copy)) {
      assertShowsAll(store);
      assertThat(merged(copy)).isEqualTo(names).hasSize(1);
      assertThat(store.statistics().diskBytes())
          .isGreaterThan(image.bytes(names.getFirst()).length);
    }
  }

  @Test
  void an_opening_removes_one_that_is_not_complete() {
    DiskImage image = closedStore();
    String name = merged(image).getFirst();
    byte[] bytes = image.bytes(name);

    for (int length : List.of(0, 10, KeyFileHeader.LENGTH, bytes.length - 1)) {
      SimulatedDisk copy = SimulatedDisk.from(image.with(name, Arrays.copyOf(bytes, length)));
      try (SegmentedStore store = Stores.open(copy)) {
        assertThat(merged(copy)).isEmpty();
        assertShowsAll(store);
      }
    }
  }

  @Test
  void an_opening_removes_one_that_was_made_when_a_segment_ended_elsewhere() {
    DiskImage image = closedStore();
    String name = merged(image).getFirst();
    byte[] bytes = image.bytes(name).clone();
    int endOfFirst = bytes.length - KeyFileFooter.LENGTH - 4 - listLength(bytes) + 8;
    bytes[endOfFirst] ^= 8;

    SimulatedDisk copy = SimulatedDisk.from(image.with(name, Reforged.file(name, bytes)));
    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(merged(copy)).isEmpty();
      assertShowsAll(store);
    }
  }

  private static int listLength(byte[] file) {
    return 24 * file[file.length - KeyFileFooter.LENGTH + 76];
  }

  @Test
  void of_two_that_cover_the_same_an_opening_keeps_the_newer_one() {
    DiskImage before = closedStore();
    String older = merged(before).getFirst();
    SimulatedDisk copy = SimulatedDisk.from(before);
    try (SegmentedStore store = Stores.open(copy)) {
      write(store, "second");
      write(store, "third");
      scanOften(store);
    }
    DiskImage both = copy.processKill().with(older, before.bytes(older));
    String newer = merged(copy).getLast();
    assertThat(newer).isGreaterThan(older);

    SimulatedDisk reopened = SimulatedDisk.from(both);
    try (SegmentedStore store = Stores.open(reopened)) {
      assertThat(merged(reopened)).contains(newer).doesNotContain(older);
      assertShowsAll(store);
    }
  }

  // ---- damage, and full disks

  @Test
  void scans_go_on_without_one_that_is_damaged() throws IOException {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      scanOften(store);
      String damaged = merged(disk).getFirst();
      for (int from = KeyFileHeader.LENGTH + 9; from < 400; from += 100) {
        BitFlips.flip(disk, damaged, from);
      }

      assertShowsAll(store);
      scanOften(store);

      assertThat(merged(disk)).hasSize(1).doesNotContain(damaged);
      assertShowsAll(store);
    }
  }

  @Test
  void a_verification_of_the_files_tells_where_one_is_damaged() throws IOException {
    closedStore();
    String name = merged(disk).getFirst();
    BitFlips.flip(disk, name, KeyFileHeader.LENGTH + 9);

    VerificationReport report = SegmentedStoreTools.verify(disk, ProgressListener.NONE);

    assertThat(report.damages())
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.file()).isEqualTo(name);
          assertThat(damage.description()).contains("checksum", "made anew");
        });
  }

  @Test
  void a_disk_that_has_no_space_for_one_costs_nothing_else() {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.WRITE
                && FileNames.mergedNumber(operation.file()).isPresent()) {
              throw new IOException("No space left on device");
            }
          }
        });
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      scanOften(store);

      assertThat(merged(disk)).isEmpty();
      assertShowsAll(store);
      assertThat(store.health().writable()).isTrue();
    }
  }

  // ---- the harness

  @Tag("lengthy")
  @Test
  void key_files_are_merged_in_the_traces_of_crashes() {
    CrashScenario.all(20_250_101)
        .forEach(scenario -> {
          Set<OperationType> seen =
              scenario.operationsOn(file -> FileNames.mergedNumber(file).isPresent());

          assertThat(seen)
              .as("%s", scenario)
              .contains(
                  OperationType.CREATE,
                  OperationType.WRITE,
                  OperationType.FORCE,
                  OperationType.DELETE);
        });
  }

  private DiskImage closedStore() {
    try (SegmentedStore store = Stores.open(disk)) {
      write(store, "first");
      write(store, "again");
      scanOften(store);
      put(store, "last", "in the active segment");
      expected.put("last", "in the active segment");
    }
    return disk.processKill();
  }

  private void write(SegmentedStore store, String text) {
    for (int i = 0; i < KEYS; i++) {
      String key = "key-%02d".formatted(i * 7 % KEYS);
      if (i % 10 == 3) {
        store.delete(Key.of(key));
        expected.remove(key);
      } else {
        String value = text + " " + i + "x".repeat(200);
        put(store, key, value);
        expected.put(key, value);
      }
    }
  }

  private static void scanOften(SegmentedStore store) {
    for (int i = 0; i < 20; i++) {
      store.count(KeyRange.all());
    }
  }

  private void assertShowsAll(SegmentedStore store) {
    List<String> shown = new ArrayList<>();
    try (Cursor cursor = store.scan(KeyRange.all())) {
      while (cursor.next()) {
        shown.add(cursor.key().utf8() + "=" + cursor.value().utf8());
      }
    }
    assertThat(shown).containsExactlyElementsOf(lines(expected));
  }

  private static List<String> lines(Map<String, String> entries) {
    return entries.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }

  private static List<String> merged(SimulatedDisk disk) {
    return merged(disk.processKill());
  }

  private static List<String> merged(DiskImage image) {
    return image.names().stream()
        .filter(name -> FileNames.mergedNumber(name).isPresent())
        .sorted()
        .toList();
  }
}
