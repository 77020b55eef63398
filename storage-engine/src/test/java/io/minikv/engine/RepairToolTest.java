package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repair saves of a store, and what it tells of the rest. */
class RepairToolTest {

  private static final Path SAVED = Path.of("/saved");
  private static final String FIRST = "000000001.log";
  private static final String SECOND = "000000003.log";
  private static final String VALUE = "000000002.val";
  private static final String LOG_END = "000000005.log";
  private static final String LEFT_OUT =
      "is the newest entry of its key, and damaged, or without its value file: the key was left"
          + " out";

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();
  private final DiskImage killed = SampleStore.killed().image();

  // ---- what is saved

  @Test
  void a_sound_store_is_saved_with_all_versions_times_and_attributes() throws IOException {
    MutableClock clock = new MutableClock();
    EngineOptions options = Stores.SMALL_SEGMENTS.withLongestLoggedBytes(10).withClock(clock);
    SimulatedDisk disk = new SimulatedDisk();
    List<Entry> before = new ArrayList<>();
    try (SegmentedStore open = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      for (String value : List.of("short", "of a file of its own " + "x".repeat(70_000))) {
        stream(open, Key.of("plain" + value.length()), value, Attributes.none(), Expiry.never());
        clock.advance(Duration.ofSeconds(1));
        stream(
            open,
            Key.of("typed" + value.length()),
            value,
            Attributes.of("type", "text/plain"),
            Expiry.at(Instant.parse("2025-01-01T01:00:00Z")));
        clock.advance(Duration.ofSeconds(1));
        before.add(open.get(Key.of("plain" + value.length())).orElseThrow());
        before.add(open.get(Key.of("typed" + value.length())).orElseThrow());
      }
    }

    RepairReport report = repair(disk);

    assertThat(report.savedEntries()).isEqualTo(4);
    assertThat(report.damages()).isEmpty();
    try (SegmentedStore saved =
        SegmentedStore.open(disk.sibling(SAVED), options, EngineThreads.NONE)) {
      for (Entry entry : before) {
        assertThat(saved.get(entry.key())).contains(entry);
      }
      assertThat(saved.verify(ProgressListener.NONE).damages()).isEmpty();
    }
  }

  private static void stream(
      SegmentedStore store, Key key, String value, Attributes attributes, Expiry expiry) {
    try (ValueWriter writer = store.openWriter(key, attributes, expiry, Condition.always())) {
      writer.write(Value.of(value).asByteBuffer());
      writer.commit(Durability.OS);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 200, 1_000_000})
  void with_any_amount_of_memory_the_same_is_saved(long memoryBytes) throws IOException {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    SimulatedDisk disk = SimulatedDisk.from(image);

    RepairReport report =
        SegmentedStoreTools.repair(
            disk,
            SAVED,
            new MutableClock(),
            (doneBytes, totalBytes) -> {
              done.add(doneBytes);
              totals.add(totalBytes);
            },
            memoryBytes);

    assertThat(report.savedEntries()).isEqualTo(7);
    long keyBytes = 2L * "plain".length() + 2L * "typed\0".length() + "ablargefiller".length() + 18;
    long passes = 1 + (11 * 160 + keyBytes) / Math.max(1, memoryBytes);
    long segmentBytes = 3_936 + 4_040 + 4_040 + 4_008;
    assertThat(totals).hasSize((int) (4 * passes)).containsOnly(passes * segmentBytes);
    assertThat(done).isSorted().doesNotHaveDuplicates();
    assertThat(done.getLast()).isEqualTo(passes * segmentBytes);
  }

  @Test
  void of_two_copies_of_a_record_the_whole_one_is_saved() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore open = Stores.open(disk);
    put(open, "key", "value");
    put(open, "dead", "1");
    put(open, "dead", "2");
    DiskImage before = disk.processKill();
    open.compact(ProgressListener.NONE);
    // Without a MANIFEST both the compacted segment and the one it was made of are used.
    DiskImage both = disk.processKill().with(FIRST, before.bytes(FIRST)).without("MANIFEST");
    String compacted =
        both.names().stream()
            .filter(name -> !name.equals(FIRST) && indexOf(both.bytes(name), "value") > 0)
            .findFirst()
            .orElseThrow();

    for (String name : List.of(FIRST, compacted)) {
      byte[] damaged = both.bytes(name);
      int valueAt = indexOf(damaged, "value");
      damaged[valueAt] ^= 1;
      SimulatedDisk left = SimulatedDisk.from(both.with(name, damaged));

      assertThat(repair(left).damages())
          .extracting(Damage::description)
          .contains("has a value whose checksum does not fit")
          .doesNotContain(LEFT_OUT);
      try (SegmentedStore saved = Stores.open(left.sibling(SAVED))) {
        assertThat(text(saved, "key")).contains("value");
        assertThat(text(saved, "dead")).contains("2");
      }
    }
  }

  // ---- what is told

  @Test
  void a_damaged_value_is_told_and_its_key_left_out() throws IOException {
    Optional<Key> filler = Optional.of(Key.of("filler"));

    assertThat(repairDamaged(image.with(FIRST, store.damaged(FIRST, 700)), 6))
        .containsExactly(
            new Damage(FIRST, 560, 3_344, filler, "has a value whose checksum does not fit"),
            new Damage(FIRST, 560, 0, filler, LEFT_OUT));
  }

  @Test
  void a_missing_value_file_is_told_and_its_key_left_out() throws IOException {
    assertThat(repairDamaged(image.without(VALUE), 6))
        .containsExactly(new Damage(FIRST, 472, 0, Optional.of(Key.of("large")), LEFT_OUT));
  }

  @Test
  void a_damaged_head_is_told_as_a_gap() throws IOException {
    assertThat(repairDamaged(image.with(FIRST, store.damaged(FIRST, 572)), 6))
        .containsExactly(
            damage(
                FIRST,
                560,
                3_344,
                "has no intact record there: keys in it are lost, or have an older value now"));
  }

  @Test
  void a_damaged_header_costs_nothing() throws IOException {
    assertThat(repairDamaged(image.with(FIRST, store.damaged(FIRST, 20)), 7))
        .containsExactly(damage(FIRST, 0, 64, "has a header whose checksum does not fit"));
  }

  @Test
  void a_missing_segment_is_told() throws IOException {
    assertThat(repairDamaged(image.without(SECOND), 6))
        .containsExactly(damage(SECOND, 0, 4_040, "is missing: what it held is lost"));
  }

  @Test
  void a_missing_end_is_told() throws IOException {
    DiskImage cut = image.with(SECOND, Arrays.copyOf(image.bytes(SECOND), 64));

    assertThat(repairDamaged(cut, 6))
        .containsExactly(damage(SECOND, 64, 3_976, "has lost its end"));
  }

  @Test
  void without_any_id_nothing_can_be_read() throws IOException {
    DiskImage nameless = image.without("MANIFEST");
    for (String name : List.of(FIRST, SECOND, "000000004.log", LOG_END)) {
      nameless = nameless.with(name, store.damaged(name, 20));
    }

    assertThat(repairDamaged(nameless, 0))
        .hasSize(5)
        .contains(
            damage(
                FIRST,
                0,
                3_936,
                "cannot be read: neither a MANIFEST nor a header tells which store it belongs to"));
  }

  @Test
  void bytes_at_the_end_of_the_log_may_be_of_a_write_that_was_cut_short() throws IOException {
    byte[] torn = killed.bytes(LOG_END);
    torn[80] ^= 1;

    assertThat(repairDamaged(killed.with(LOG_END, torn), 6))
        .containsExactly(
            damage(
                LOG_END,
                64,
                4_032,
                "ends with bytes that are no intact record: a write that a crash cut short, or"
                    + " damage"));
  }

  @Test
  void space_that_was_allocated_ahead_is_no_damage() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(killed);

    assertThat(repair(disk).damages()).isEmpty();
  }

  // ---- batches

  @Test
  void a_batch_that_the_log_ends_within_never_happened() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore open = Stores.open(disk);
    put(open, "key", "before");
    open.write(
        WriteBatch.of(
            Mutation.Put.of(Key.of("key"), Value.of("of the batch")),
            Mutation.Put.of(Key.of("last"), Value.of("lost"))));
    byte[] torn = disk.processKill().bytes(FIRST);
    int lastAt = indexOf(torn, "last") - 32;
    Arrays.fill(torn, lastAt, torn.length, (byte) 0);
    for (int length : new int[] {torn.length, lastAt}) {
      DiskImage cut = disk.processKill().with(FIRST, Arrays.copyOf(torn, length));
      assertLeavesOutBatch(SimulatedDisk.from(cut), indexOf(torn, "of the batch") - 4 - 3 - 32);
    }
  }

  private static void assertLeavesOutBatch(SimulatedDisk left, long batchAt) throws IOException {
    assertThat(repair(left).damages())
        .extracting(Damage::offset, Damage::description)
        .containsExactly(
            tuple(batchAt, "ends within a batch, which was cut short by a crash and was left out"));
    try (SegmentedStore saved = Stores.open(left.sibling(SAVED))) {
      assertThat(text(saved, "key")).contains("before");
      assertThat(text(saved, "last")).isEmpty();
    }
  }

  @Test
  void a_batch_that_lost_its_end_happened_when_a_later_segment_was_written_to() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore open = Stores.open(disk);
    put(open, "filler", "x".repeat(3_000)); // So that the next segment is made ready.
    open.write(
        WriteBatch.of(
            Mutation.Put.of(Key.of("key"), Value.of("of the batch")),
            Mutation.Put.of(Key.of("last"), Value.of("lost"))));
    DiskImage before = disk.processKill();
    byte[] torn = before.bytes(FIRST);
    Arrays.fill(torn, indexOf(torn, "last") - 32, torn.length, (byte) 0);
    String next =
        before.names().stream()
            .filter(name -> name.endsWith(".log") && !name.equals(FIRST))
            .findFirst()
            .orElseThrow();
    byte[] written = before.bytes(next);
    written[200] = 1;
    SimulatedDisk left = SimulatedDisk.from(before.with(FIRST, torn).with(next, written));

    assertThat(repair(left).damages())
        .extracting(Damage::file, Damage::description)
        .contains(tuple(FIRST, "has a batch that lost a part; what is left of it was saved"));
    try (SegmentedStore saved = Stores.open(left.sibling(SAVED))) {
      assertThat(text(saved, "key")).contains("of the batch");
      assertThat(text(saved, "last")).isEmpty();
    }
  }

  // ---- helpers

  private static RepairReport repair(SimulatedDisk disk) throws IOException {
    return SegmentedStoreTools.repair(disk, SAVED, new MutableClock(), ProgressListener.NONE);
  }

  /** Repairs, and opens what was saved; returns what was told. */
  private static List<Damage> repairDamaged(DiskImage damaged, int entries) throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(damaged);
    RepairReport report = repair(disk);
    assertThat(report.savedEntries()).isEqualTo(entries);
    try (SegmentedStore saved = Stores.open(disk.sibling(SAVED))) {
      assertThat(saved.statistics().keys()).isEqualTo(entries);
      assertThat(saved.statistics().lastSequence()).isGreaterThanOrEqualTo(1L << 32);
    }
    return report.damages();
  }

  private static Damage damage(String file, long offset, long length, String description) {
    return new Damage(file, offset, length, Optional.empty(), description);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, ISO_8859_1).indexOf(text);
  }
}
