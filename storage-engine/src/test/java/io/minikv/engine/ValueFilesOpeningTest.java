package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which value files an opening keeps, and what it tells of those that it cannot judge. */
class ValueFilesOpeningTest {

  private static final EngineOptions OPTIONS = Stores.SMALL_SEGMENTS.withLongestLoggedBytes(100);
  private static final String LONG = "long ".repeat(1_000);

  /** More than the longest header. */
  private static final String VERY_LONG = "long ".repeat(20_000);

  private final SimulatedDisk disk = new SimulatedDisk();

  private static SegmentedStore open(SimulatedDisk disk) {
    return SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE);
  }

  private static void stream(SegmentedStore store, String key, String value) {
    try (ValueWriter writer =
        store.openWriter(Key.of(key), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(Value.of(value).asByteBuffer());
      writer.commit(Durability.OS);
    }
  }

  /** A closed store that holds these values, each in a file of its own. */
  private DiskImage closed(String... values) {
    try (SegmentedStore store = open(disk)) {
      for (int i = 0; i < values.length; i++) {
        stream(store, "key-" + i, values[i]);
      }
    }
    return disk.processKill();
  }

  private static List<String> valueFiles(DiskImage image) {
    return image.names().stream().filter(name -> FileNames.valueNumber(name).isPresent()).toList();
  }

  private static List<String> findings(SegmentedStore store) {
    return store.statistics().recovery().findings();
  }

  @Test
  void those_that_live_records_name_are_kept_and_counted() {
    DiskImage image = closed(LONG, VERY_LONG);
    SimulatedDisk copy = SimulatedDisk.from(image);

    try (SegmentedStore store = open(copy)) {
      assertThat(text(store, "key-0")).contains(LONG);
      assertThat(text(store, "key-1")).contains(VERY_LONG);
      assertThat(findings(store)).isEmpty();
      long bytes =
          image.names().stream()
              .filter(name -> !name.equals(FileNames.LOCK) && !name.equals(FileNames.MANIFEST))
              .mapToLong(name -> image.bytes(name).length)
              .sum();
      assertThat(store.statistics().diskBytes()).isGreaterThanOrEqualTo(bytes);
    }
    assertThat(valueFiles(copy.processKill())).isEqualTo(valueFiles(image));
  }

  @Test
  void those_of_segments_whose_key_files_are_read_are_kept_and_counted() {
    closed(LONG, VERY_LONG);
    List<SegmentStatistics> before;
    try (SegmentedStore store = open(disk)) {
      for (int i = 0; i < 6; i++) {
        put(store, "short-" + i, "x".repeat(1_000));
      }
      store.delete(Key.of("short-0"));
      before = store.statistics().segments();
    }
    DiskImage image = disk.processKill();
    for (String name : image.names().stream().filter(FileNames::isSnapshot).toList()) {
      image = image.without(name);
    }

    try (SegmentedStore store = open(SimulatedDisk.from(image))) {
      assertThat(text(store, "key-0")).contains(LONG);
      assertThat(text(store, "key-1")).contains(VERY_LONG);
      assertThat(store.statistics().segments()).isEqualTo(before);
      assertThat(findings(store)).isEmpty();
    }
  }

  @Test
  void one_whose_key_has_another_value_now_is_removed() {
    String former = valueFiles(closed(LONG)).getFirst();
    try (SegmentedStore store = open(disk)) {
      stream(store, "key-0", VERY_LONG);
    }
    assertThat(valueFiles(disk.processKill())).hasSize(2).contains(former);

    try (SegmentedStore store = open(disk)) {
      assertThat(text(store, "key-0")).contains(VERY_LONG);
    }
    assertThat(valueFiles(disk.processKill())).hasSize(1).doesNotContain(former);
  }

  @Test
  void one_whose_key_has_a_value_in_the_log_now_is_removed() {
    closed(LONG);
    try (SegmentedStore store = open(disk)) {
      put(store, "key-0", "short");
    }

    try (SegmentedStore store = open(disk)) {
      assertThat(text(store, "key-0")).contains("short");
    }
    assertThat(valueFiles(disk.processKill())).isEmpty();
  }

  @Test
  void one_whose_beginning_is_damaged_is_left_alone_and_told() throws IOException {
    String name = valueFiles(closed(VERY_LONG)).getFirst();
    BitFlips.flip(disk, name, 50);

    try (SegmentedStore store = open(disk)) {
      assertThat(findings(store))
          .singleElement()
          .asString()
          .startsWith(name + " ")
          .endsWith(". It was left alone, and is not read.");
    }
    assertThat(valueFiles(disk.processKill())).containsExactly(name);
  }

  @Test
  void one_whose_beginning_never_became_durable_is_removed() {
    DiskImage image = closed(LONG).with("000000900.val", new byte[60]);
    SimulatedDisk copy = SimulatedDisk.from(image.with("000000901.val", new byte[0]));

    try (SegmentedStore store = open(copy)) {
      assertThat(findings(store)).allMatch(finding -> finding.startsWith("000000900.val"));
      assertThat(text(store, "key-0")).contains(LONG);
    }
    assertThat(copy.processKill().names()).doesNotContain("000000901.val");
  }

  @Test
  void one_of_another_store_is_left_alone_and_told() {
    String name = valueFiles(closed(LONG)).getFirst();
    byte[] bytes = disk.processKill().bytes(name);
    SimulatedDisk other = new SimulatedDisk();
    open(other).close();
    SimulatedDisk copy = SimulatedDisk.from(other.processKill().with(name, bytes));

    try (SegmentedStore store = open(copy)) {
      assertThat(findings(store))
          .containsExactly(
              name
                  + " belongs to another store or has another name."
                  + " It was left alone, and is not read.");
    }
    assertThat(copy.processKill().bytes(name)).isEqualTo(bytes);
  }

  @Test
  void one_of_a_damaged_record_is_left_alone_and_told() throws IOException {
    String name = valueFiles(closed(LONG)).getFirst();
    BitFlips.flip(disk, "000000001.log", 64 + 32);

    try (SegmentedStore store = open(disk)) {
      assertThat(findings(store))
          .singleElement()
          .asString()
          .startsWith(name + " was left alone: it may be the value of a damaged record (")
          .contains("000000001.log, at byte 64");
    }
    assertThat(valueFiles(disk.processKill())).containsExactly(name);
  }
}
