package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.io.WatchedDisk;
import io.minikv.engine.snapshot.SnapshotReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When index snapshots are taken, and what they do for the next opening. */
@Timeout(120)
class SnapshotTest {

  private static final int KEYS = 40;

  private final SimulatedDisk disk = new SimulatedDisk();

  private static void fill(SegmentedStore store) {
    for (int i = 0; i < KEYS; i++) {
      put(store, "key-" + i, "value " + "x".repeat(i * 10));
    }
    for (int i = 0; i < KEYS; i += 3) {
      store.delete(Key.of("key-" + i));
    }
  }

  private static Map<String, String> contents(SegmentedStore store) {
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "key-" + i;
      text(store, key).ifPresent(value -> contents.put(key, value));
    }
    return contents;
  }

  private static List<String> snapshots(DiskImage image) {
    return image.names().stream().filter(FileNames::isSnapshot).toList();
  }

  @Test
  void an_opening_after_an_orderly_end_reads_no_record() {
    Map<String, String> before;
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
      before = contents(store);
    }
    try (SegmentedStore store = Stores.open(disk)) {
      RecoveryReport recovery = store.statistics().recovery();
      assertThat(recovery.records()).isZero();
      assertThat(recovery.keys()).isEqualTo(before.size());
      assertThat(recovery.findings()).isEmpty();
      assertThat(contents(store)).isEqualTo(before);
    }
  }

  @Test
  void an_opening_after_a_crash_reads_what_was_written_behind_the_snapshot() {
    SegmentedStore store = Stores.open(disk);
    fill(store);
    SnapshotReport report = store.snapshot();
    put(store, "key-1", "behind");
    store.delete(Key.of("key-2"));

    assertThat(report.keys()).isEqualTo(store.statistics().keys() + 1);
    assertThat(report.sequence()).isEqualTo(store.statistics().lastSequence() - 2);
    Map<String, String> before = contents(store);
    try (SegmentedStore opened = Stores.open(SimulatedDisk.from(disk.processKill()))) {
      assertThat(opened.statistics().recovery().records()).isEqualTo(2);
      assertThat(contents(opened)).isEqualTo(before);
    }
  }

  @Test
  void one_snapshot_is_kept() {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
      store.snapshot();
      put(store, "key-1", "later");
      long sequence = store.snapshot().sequence();
      assertThat(snapshots(disk.processKill())).containsExactly(FileNames.snapshot(sequence));
    }
  }

  @Test
  void an_end_after_nothing_has_changed_takes_none() {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
    }
    DiskImage first = disk.processKill();
    try (SegmentedStore store = Stores.open(disk)) {
      contents(store);
    }
    String name = snapshots(first).getFirst();
    assertThat(snapshots(disk.processKill())).containsExactly(name);
    assertThat(disk.processKill().bytes(name)).isEqualTo(first.bytes(name));
  }

  @Test
  void one_is_taken_whenever_enough_was_written() {
    EngineOptions options = Stores.SMALL_SEGMENTS.withSnapshotBytes(8 << 10);
    SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE);
    int taken = 0;
    List<String> last = List.of();
    for (int i = 0; i < 600; i++) {
      put(store, "key-" + i % 10, "x".repeat(100));
      List<String> now = snapshots(disk.processKill());
      taken += now.equals(last) ? 0 : 1;
      last = now;
    }
    assertThat(taken).isBetween(6, 11);
  }

  @Test
  void one_is_taken_in_whichever_way_is_written() {
    Mutation put = Mutation.Put.of(Key.of("key"), Value.of("x".repeat(9_000)));
    List<Consumer<SegmentedStore>> ways =
        List.of(
            store -> store.write(put, Durability.OS),
            store -> store.write(WriteBatch.of(put), Durability.OS),
            store -> store.writeAsync(put, Durability.OS).toCompletableFuture().join(),
            store ->
                store.writeAsync(WriteBatch.of(put), Durability.OS).toCompletableFuture().join());
    EngineOptions options = Stores.SMALL_SEGMENTS.withSnapshotBytes(8 << 10);
    for (Consumer<SegmentedStore> way : ways) {
      SimulatedDisk empty = new SimulatedDisk();
      SegmentedStore store = SegmentedStore.open(empty, options, EngineThreads.NONE);
      assertThat(snapshots(empty.processKill())).isEmpty();
      way.accept(store);
      assertThat(snapshots(empty.processKill())).hasSize(1);
    }
  }

  @Test
  void one_is_taken_after_a_compaction() {
    try (SegmentedStore store = Stores.open(disk)) {
      for (int round = 0; round < 3; round++) {
        fill(store);
      }
      store.compact(ProgressListener.NONE);
      assertThat(snapshots(disk.processKill())).hasSize(1);
    }
  }

  @Test
  void none_is_taken_within_a_compaction() {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> store.compact((done, total) -> store.snapshot()));
    }
  }

  @Test
  void an_end_on_a_full_disk_goes_without() {
    SegmentedStore store = Stores.open(disk);
    fill(store);
    Map<String, String> before = contents(store);
    disk.inject(new DiskFault(DiskFault.Kind.DISK_FULL, 1, false));
    store.close();

    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(snapshots(disk.processKill())).isEmpty();
    try (SegmentedStore opened = Stores.open(disk)) {
      assertThat(contents(opened)).isEqualTo(before);
    }
  }

  @Test
  void a_report_tells_what_is_on_the_disk_and_how_long_it_took() {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
      long bytesBefore = store.statistics().diskBytes();
      long begunNanos = System.nanoTime();
      SnapshotReport report = store.snapshot();
      long nanos = System.nanoTime() - begunNanos;

      assertThat(report.bytes())
          .isEqualTo(disk.processKill().bytes(FileNames.snapshot(report.sequence())).length);
      assertThat(report.keys()).isEqualTo(contents(store).size());
      assertThat(report.took()).isBetween(Duration.ofNanos(1), Duration.ofNanos(nanos));
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesBefore + report.bytes());
    }
  }

  @Test
  void it_tells_of_each_segment_how_far_it_is_covered_and_with_which_writes() throws Exception {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
      SnapshotReport report = store.snapshot();

      List<SnapshotSegment> segments = segments(disk, report.sequence());
      assertThat(segments).hasSizeGreaterThan(2);
      long before = 0;
      for (SnapshotSegment segment : segments) {
        assertThat(segment.lowestSequence()).isEqualTo(before + 1);
        before = segment.highestSequence();
      }
      assertThat(before).isEqualTo(report.sequence());
      assertThat(segments).isSortedAccordingTo(comparingLong(SnapshotSegment::fileNumber));
      assertThat(segments.stream().mapToLong(SnapshotSegment::liveBytes).sum())
          .isEqualTo(store.statistics().liveBytes());
    }
  }

  private static List<SnapshotSegment> segments(SimulatedDisk disk, long sequence)
      throws IOException, FormatException {
    try (SnapshotReader reader = SnapshotReader.open(disk, FileNames.snapshot(sequence))) {
      return reader.segments();
    }
  }

  @ParameterizedTest(name = "a value of {0} bytes")
  @ValueSource(ints = {10, 3_500})
  void it_covers_no_write_that_is_in_the_log_but_not_durable(int valueLength) throws Exception {
    WriteDuringSnapshot late = new WriteDuringSnapshot();
    Mutation write = Mutation.Put.of(Key.of("late"), Value.wrap(new byte[valueLength]));
    try (SegmentedStore store =
        SegmentedStore.open(
            new WatchedDisk(disk, late, true),
            Stores.SMALL_SEGMENTS.withDurability(Durability.OS),
            EngineThreads.NONE)) {
      fill(store);
      long before = store.statistics().lastSequence();
      SnapshotReport report =
          late.during(() -> store.write(write, Durability.ALWAYS), store::snapshot);

      assertThat(report.sequence()).isEqualTo(before);
      SnapshotSegment last = segments(disk, before).getLast();
      assertThat(last.highestSequence()).isIn(before, 0L);
      try (SegmentedStore opened = Stores.open(SimulatedDisk.from(disk.processKill()))) {
        assertThat(opened.statistics().recovery().records()).isOne();
        assertThat(text(opened, "late")).isPresent();
      }
    }
  }

  @Tag("lengthy")
  @Test
  void any_flipped_bit_is_found_and_costs_nothing() {
    DiskImage image = closedStore();
    String name = snapshots(image).getFirst();
    byte[] bytes = image.bytes(name);
    Map<String, String> expected = read(image);
    IntStream.range(0, bytes.length * 8)
        .filter(bit -> bit < 1100 || bit % 7 == 0)
        .parallel()
        .forEach(bit -> {
          byte[] damaged = bytes.clone();
          damaged[bit / 8] ^= (byte) (1 << bit % 8);
          checkDamaged(image.with(name, damaged), name, expected, "bit " + bit);
        });
  }

  @Tag("lengthy")
  @Test
  void any_missing_end_is_found_and_costs_nothing() {
    DiskImage image = closedStore();
    String name = snapshots(image).getFirst();
    byte[] bytes = image.bytes(name);
    Map<String, String> expected = read(image);
    IntStream.range(0, bytes.length)
        .parallel()
        .forEach(length ->
            checkDamaged(
                image.with(name, Arrays.copyOf(bytes, length)),
                name,
                expected,
                "length " + length));
    checkDamaged(
        image.with(name, Arrays.copyOf(bytes, bytes.length + 8)), name, expected, "longer");
  }

  private DiskImage closedStore() {
    try (SegmentedStore store = Stores.open(disk)) {
      fill(store);
    }
    return disk.processKill();
  }

  private static Map<String, String> read(DiskImage image) {
    try (SegmentedStore store = Stores.open(SimulatedDisk.from(image))) {
      return contents(store);
    }
  }

  private static void checkDamaged(
      DiskImage image, String name, Map<String, String> expected, String damage) {
    SimulatedDisk copy = SimulatedDisk.from(image);
    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(store.statistics().recovery().findings())
          .as(damage)
          .singleElement()
          .asString()
          .startsWith(name);
      assertThat(contents(store)).as(damage).isEqualTo(expected);
    }
    try (SegmentedStore store = Stores.open(copy)) {
      assertThat(store.statistics().recovery().findings()).as(damage).isEmpty();
      assertThat(store.statistics().recovery().records()).as(damage).isZero();
    }
  }

  @Tag("lengthy")
  @ParameterizedTest
  @EnumSource
  void snapshots_beside_writers_hold_exactly_one_moment(Durability durability) throws Exception {
    assertThat(new SnapshotRace(durability).run()).isPositive();
  }
}
