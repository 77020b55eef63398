package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.RecoveryReport.Outcome;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an opening tells, what it leaves on the disk, and where it goes on. */
class OpeningReportTest {

  private static final String FILLER = "x".repeat(1000);

  private final SimulatedDisk disk = new SimulatedDisk();

  // ---- what it tells

  @Test
  void a_report_tells_how_the_store_was_found_and_how_long_the_opening_took() {
    for (Outcome outcome : new Outcome[] {Outcome.CREATED, Outcome.CLEAN}) {
      long begunNanos = System.nanoTime();
      try (SegmentedStore store = Stores.open(disk)) {
        Duration most = Duration.ofNanos(System.nanoTime() - begunNanos);
        RecoveryReport report = store.statistics().recovery();
        assertThat(report.outcome()).isEqualTo(outcome);
        assertThat(report.openedAt()).isEqualTo(Stores.SMALL_SEGMENTS.clock().instant());
        assertThat(report.took()).isBetween(Duration.ofNanos(1), most);
        assertThat(report.keys()).isZero();
        assertThat(report.findings()).isEmpty();
      }
    }
  }

  @Test
  void after_a_crash_the_report_tells_of_records_and_keys() {
    DiskImage killed = killed();

    try (SegmentedStore store = Stores.open(SimulatedDisk.from(killed))) {
      RecoveryReport report = store.statistics().recovery();
      assertThat(report.outcome()).isEqualTo(Outcome.RECOVERED);
      assertThat(report.keys()).isEqualTo(20);
      assertThat(report.records()).isBetween(1L, 21L);
      assertThat(report.findings()).isEmpty();
    }
  }

  /** 21 writes to 20 keys in some segments, and no end. */
  private DiskImage killed() {
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 20; i++) {
      put(store, "key-" + i, FILLER);
    }
    put(store, "key-0", "again");
    return disk.processKill();
  }

  // ---- where it goes on

  @Test
  void sequence_numbers_go_on_behind_all_that_were_used() {
    SimulatedDisk copy = SimulatedDisk.from(killed());
    for (int lives = 0; lives < 3; lives++) {
      try (SegmentedStore store = Stores.open(copy)) {
        long before = store.statistics().lastSequence();
        assertThat(before).isGreaterThanOrEqualTo(21);
        put(store, "key-1", "life " + lives);
        assertThat(store.statistics().lastSequence()).isEqualTo(before + 1);
      }
    }
    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(text(store, "key-1")).contains("life 2");
    }
  }

  @Test
  void a_store_that_is_killed_right_after_an_opening_is_opened_with_its_snapshot_again() {
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 1_500; i++) {
        put(store, "key-" + i % 10, "x");
      }
    }
    Stores.open(disk);

    try (SegmentedStore store = Stores.open(SimulatedDisk.from(disk.processKill()))) {
      assertThat(store.statistics().recovery().findings()).isEmpty();
      assertThat(store.statistics().recovery().records()).isZero();
      assertThat(store.statistics().keys()).isEqualTo(10);
    }
  }

  @Test
  void no_file_gets_the_number_of_one_that_is_there() {
    DiskImage image = killed().with("000000050.torn", new byte[10]);
    SimulatedDisk copy = SimulatedDisk.from(image);

    Stores.open(copy).close();

    assertThat(newSegments(image, copy)).containsExactly("000000051.log", "000000052.log");
  }

  private static List<String> newSegments(DiskImage before, SimulatedDisk after) {
    return after.processKill().names().stream()
        .filter(name -> FileNames.segmentNumber(name).isPresent() && !before.names().contains(name))
        .toList();
  }

  @Test
  void what_is_complete_keeps_its_figures() {
    List<SegmentStatistics> before;
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 20; i++) {
        put(store, "key-" + i % 7, FILLER);
      }
      before = store.statistics().segments();
    }
    try (SegmentedStore store = Stores.open(disk)) {
      assertThat(store.statistics().segments()).isEqualTo(before);
    }
  }

  @Test
  void a_full_disk_is_told_when_the_store_can_only_be_read() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
    }
    disk.setCapacity(0);

    try (SegmentedStore store = Stores.open(disk)) {
      assertThat(store.statistics().recovery().findings())
          .containsExactly(
              "The disk is full: the store can be read, and takes writes when there is space again.");
      assertThatExceptionOfType(NotWritableException.class).isThrownBy(() -> put(store, "a", "2"));
      disk.setCapacity(Long.MAX_VALUE);
    }
  }

  @Test
  void segments_keep_the_sequence_numbers_of_records_that_a_snapshot_covers() throws Exception {
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 20; i++) {
      put(store, "key-" + i, FILLER);
    }
    store.snapshot();
    SimulatedDisk copy = SimulatedDisk.from(disk.processKill());

    Stores.open(copy);

    long before = 0;
    for (Manifest.SegmentEntry entry :
        Manifest.decode(copy.processKill().bytes(FileNames.MANIFEST)).segments()) {
      if (entry.state() == Manifest.State.COMPLETE) {
        assertThat(entry.lowestSequence()).isEqualTo(before + 1);
        before = entry.highestSequence();
      }
    }
    assertThat(before).isEqualTo(20);
  }

  // ---- what it leaves on the disk

  @Test
  void segments_that_are_complete_take_no_more_space_than_they_need() {
    SimulatedDisk copy = SimulatedDisk.from(killed());
    SegmentedStore store = Stores.open(copy);
    DiskImage opened = copy.processKill();

    List<SegmentStatistics> segments = store.statistics().segments();
    assertThat(segments).hasSizeGreaterThan(3);
    for (SegmentStatistics segment : segments.subList(0, segments.size() - 1)) {
      assertThat(opened.bytes(FileNames.segment(segment.number())))
          .hasSize((int) segment.sizeBytes());
    }
  }

  @Test
  void a_torn_write_is_set_aside_and_the_log_goes_on_elsewhere() throws IOException {
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "1");
    put(store, "b", "2");
    DiskImage killed = disk.processKill();
    SimulatedDisk copy = SimulatedDisk.from(killed);
    BitFlips.flip(copy, "000000001.log", SegmentHeader.LENGTH + 40 + 20); // In the second record.

    SegmentedStore opened = Stores.open(copy);

    assertThat(opened.statistics().recovery().findings())
        .singleElement()
        .asString()
        .startsWith("000000001.log ends with a write that a crash cut short: ");
    assertThat(text(opened, "a")).contains("1");
    assertThat(text(opened, "b")).isEmpty();
    DiskImage after = copy.processKill();
    assertThat(after.bytes("000000001.torn")).isNotEmpty();
    assertThat(after.bytes("000000001.log").length).isLessThan(SegmentHeader.LENGTH + 100);
    put(opened, "b", "again");
    try (SegmentedStore restarted = Stores.open(SimulatedDisk.from(copy.processKill()))) {
      assertThat(restarted.statistics().recovery().findings()).isEmpty();
      assertThat(text(restarted, "b")).contains("again");
    }
  }

  @Test
  void what_lies_behind_the_end_of_a_segment_is_cut_off_before_the_log_goes_on() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
    }
    DiskImage closed = disk.processKill();
    byte[] segment = closed.bytes("000000001.log");
    byte[] longer = Arrays.copyOf(segment, 3_000);
    Arrays.fill(longer, segment.length, longer.length, (byte) 7);
    SimulatedDisk copy = SimulatedDisk.from(closed.with("000000001.log", longer));

    SegmentedStore opened = Stores.open(copy);

    byte[] bytes = copy.processKill().bytes("000000001.log");
    assertThat(bytes).isEqualTo(Arrays.copyOf(segment, bytes.length)); // And zeros.
    DiskImage afterPowerCut =
        copy.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image();
    assertThat(afterPowerCut.bytes("000000001.log")).isEqualTo(bytes);
    put(opened, "b", "2");
    try (SegmentedStore restarted = Stores.open(SimulatedDisk.from(copy.processKill()))) {
      assertThat(text(restarted, "a")).contains("1");
      assertThat(text(restarted, "b")).contains("2");
      assertThat(restarted.statistics().recovery().findings()).isEmpty();
    }
  }

  @Test
  void what_a_compaction_could_not_remove_is_removed_and_listed_no_more() throws Exception {
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 20; i++) {
      put(store, "key", FILLER);
    }
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.DELETE && operation.file().endsWith(".log")) {
              throw new IOException("injected");
            }
          }
        });
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> store.compact(ProgressListener.NONE));
    SimulatedDisk copy = SimulatedDisk.from(disk.processKill());
    assertThat(retired(copy)).isPositive();

    Stores.open(copy).close();

    assertThat(retired(copy)).isZero();
  }

  private static long retired(SimulatedDisk disk) throws FormatException {
    return Manifest.decode(disk.processKill().bytes(FileNames.MANIFEST)).segments().stream()
        .filter(entry -> entry.state() == Manifest.State.RETIRED)
        .count();
  }

  @Test
  void snapshots_that_are_not_complete_or_were_replaced_are_removed() {
    DiskImage image = closedStore();
    String current = FileNames.snapshot(2);
    byte[] bytes = image.bytes(current);
    SimulatedDisk copy =
        SimulatedDisk.from(
            image
                .with(FileNames.snapshot(1), bytes)
                .with(FileNames.snapshotTemporary(1), bytes)
                .with(FileNames.snapshotTemporary(9), bytes));

    Stores.open(copy);

    assertThat(copy.processKill().names().stream().filter(FileNames::isSnapshot))
        .containsExactly(current);
  }

  @Test
  void a_damaged_snapshot_stays_until_there_is_a_newer_one() {
    DiskImage image = closedStore();
    String current = FileNames.snapshot(2);
    SimulatedDisk copy = SimulatedDisk.from(image.with(current, new byte[10]));

    SegmentedStore store = Stores.open(copy);
    assertThat(copy.processKill().names()).contains(current);
    assertThat(store.statistics().recovery().findings()).hasSize(1);
    put(store, "c", "3");
    store.close();

    assertThat(copy.processKill().names()).contains(FileNames.snapshot(3)).doesNotContain(current);
  }

  @Test
  void unlisted_segments_that_hold_nothing_are_removed() {
    DiskImage image = closedStore();
    byte[] header = Arrays.copyOf(image.bytes("000000001.log"), SegmentHeader.LENGTH);
    SimulatedDisk copy =
        SimulatedDisk.from(
            image
                .with("000000900.log", new byte[0])
                .with("000000901.log", new byte[200_000])
                .with("000000902.log", Arrays.copyOf(header, 70_000)));

    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(store.statistics().recovery().findings()).isEmpty();
    }

    assertThat(copy.processKill().names())
        .doesNotContain("000000900.log", "000000901.log", "000000902.log");
  }

  @Test
  void unlisted_segments_that_hold_something_else_are_left_alone_and_told() {
    DiskImage image = closedStore();
    byte[] records = image.bytes("000000001.log");
    byte[] text = new byte[200_000];
    text[0] = 'x';
    SimulatedDisk copy =
        SimulatedDisk.from(image.with("000000900.log", text).with("000000901.log", records));

    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(store.statistics().recovery().findings())
          .containsExactly(
              "000000900.log is a segment that the MANIFEST does not list."
                  + " It was left alone, and is not read.",
              "000000901.log is a segment that the MANIFEST does not list."
                  + " It was left alone, and is not read.");
    }

    assertThat(copy.processKill().bytes("000000900.log")).isEqualTo(text);
    assertThat(copy.processKill().bytes("000000901.log")).isEqualTo(records);
  }

  private DiskImage closedStore() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      put(store, "b", "2");
    }
    return disk.processKill();
  }
}
