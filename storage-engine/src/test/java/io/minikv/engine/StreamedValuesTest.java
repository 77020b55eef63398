package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a value file: from the first piece of its value until nobody can read it. */
class StreamedValuesTest {

  private static final int LENGTH = 200_000;
  private static final int LONGEST_LOGGED = 1_000;
  private static final Key KEY = Key.of("key");

  private final MutableClock clock = new MutableClock();
  private final EngineOptions options =
      Stores.SMALL_SEGMENTS.withLongestLoggedBytes(LONGEST_LOGGED).withClock(clock);
  private SimulatedDisk disk = new SimulatedDisk();
  private SegmentedStore store;

  @BeforeEach
  void openStore() {
    store = SegmentedStore.open(disk, options, EngineThreads.NONE);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen() {
    store.close();
    openStore();
  }

  private void crash() {
    disk = SimulatedDisk.from(disk.processKill());
    openStore();
  }

  // ---- where a value goes

  @Test
  void a_short_value_goes_to_the_log() {
    stream(KEY, bytes(LONGEST_LOGGED));
    assertThat(valueFiles()).isEmpty();
    assertThat(value()).isEqualTo(bytes(LONGEST_LOGGED));
  }

  @Test
  void a_long_value_goes_to_a_file_of_its_own() {
    long logBytes = logBytes();
    stream(KEY, bytes(LENGTH));
    assertThat(valueFiles()).hasSize(1);
    assertThat(logBytes() - logBytes).isLessThan(200);
    assertThat(value()).isEqualTo(bytes(LENGTH));
  }

  @Test
  void an_upload_takes_no_space_in_the_log_and_stops_no_write() {
    try (ValueWriter writer = open(KEY, Condition.always())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      for (int i = 0; i < 20; i++) {
        put(store, "other", "x".repeat(i * 100));
        store.compact(ProgressListener.NONE);
      }
      assertThat(store.statistics().segments()).hasSizeLessThan(4);
      writer.commit(Durability.OS);
    }
    assertThat(value()).isEqualTo(bytes(LENGTH));
  }

  @Test
  void the_figures_know_value_files() {
    long diskBytes = store.statistics().diskBytes();
    stream(KEY, bytes(LENGTH));
    StoreStatistics stored = store.statistics();
    assertThat(stored.liveValueBytes()).isEqualTo(LENGTH);
    assertThat(stored.diskBytes()).isBetween(diskBytes + LENGTH, diskBytes + LENGTH + 4_000);
    assertThat(stored.liveBytes()).isGreaterThan(LENGTH);
    store.delete(KEY);
    assertThat(store.statistics().liveValueBytes()).isZero();
    assertThat(store.statistics().deadBytes()).isGreaterThan(LENGTH);
  }

  // ---- what comes to nothing leaves nothing

  @Test
  void an_aborted_upload_leaves_nothing() {
    ValueWriter writer = open(KEY, Condition.always());
    writer.write(ByteBuffer.wrap(bytes(LENGTH)));
    assertThat(valueFiles()).hasSize(1);
    writer.close();
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_refused_condition_leaves_nothing() {
    try (ValueWriter writer = open(KEY, Condition.present())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      assertThatThrownBy(() -> writer.commit(Durability.OS))
          .isInstanceOf(ConditionFailedException.class);
      assertThat(valueFiles()).isEmpty();
    }
  }

  @Test
  void a_refused_condition_leaves_nothing_without_waiting_either() {
    try (ValueWriter writer = open(KEY, Condition.present())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      assertThat(writer.commitAsync(Durability.OS)).isCompletedExceptionally();
      assertThat(valueFiles()).isEmpty();
    }
  }

  @Test
  void a_value_that_became_too_long_leaves_nothing() {
    store.close();
    StoreLimits limits = new StoreLimits(LENGTH, 10, LENGTH);
    store = SegmentedStore.open(disk, options.withLimits(limits), EngineThreads.NONE);
    try (ValueWriter writer = open(KEY, Condition.always())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
          .isInstanceOf(LimitExceededException.class);
      assertThat(valueFiles()).isEmpty();
    }
  }

  @Test
  void closing_the_store_ends_an_upload_and_leaves_nothing() {
    ValueWriter writer = open(KEY, Condition.always());
    writer.write(ByteBuffer.wrap(bytes(LENGTH)));
    store.close();
    assertThat(valueFiles()).isEmpty();
    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(() -> writer.commit(Durability.OS)).isInstanceOf(StoreClosedException.class);
    writer.close();
  }

  @Test
  void a_crash_leaves_nothing_of_an_upload_after_the_next_opening() {
    stream(Key.of("other"), bytes(LENGTH));
    open(KEY, Condition.always()).write(ByteBuffer.wrap(bytes(LENGTH)));
    assertThat(valueFiles()).hasSize(2);
    crash();
    assertThat(valueFiles()).hasSize(1);
    assertThat(store.get(Key.of("other"))).isPresent();
  }

  @Test
  void a_failed_force_of_a_value_costs_that_value_alone() {
    try (ValueWriter writer = open(KEY, Condition.always())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 3)); // behind block and trailer
      assertThatThrownBy(() -> writer.commit(Durability.OS))
          .isInstanceOf(NotWritableException.class);
    }
    assertThat(valueFiles()).isEmpty();
    assertThat(store.health().writable()).isTrue();
    stream(KEY, bytes(LENGTH));
    assertThat(value()).isEqualTo(bytes(LENGTH));
  }

  // ---- its end

  @Test
  void the_space_of_an_overwritten_value_comes_back_by_compaction() {
    stream(KEY, bytes(LENGTH));
    put(store, "key", "short");
    assertThat(valueFiles()).hasSize(1);
    store.compact(ProgressListener.NONE);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void an_expired_value_goes_by_compaction() {
    try (ValueWriter writer =
        store.openWriter(
            KEY, Attributes.none(), Expiry.after(Duration.ofSeconds(1)), Condition.always())) {
      writer.write(ByteBuffer.wrap(bytes(LENGTH)));
      writer.commit(Durability.OS);
    }
    clock.advance(Duration.ofSeconds(2));
    store.compact(ProgressListener.NONE);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_live_value_outlives_compactions_and_openings() {
    stream(KEY, bytes(LENGTH));
    for (int i = 0; i < 3; i++) {
      put(store, "other", "x".repeat(i));
      store.compact(ProgressListener.NONE);
      assertThat(value()).isEqualTo(bytes(LENGTH));
      reopen();
      assertThat(value()).isEqualTo(bytes(LENGTH));
    }
    store.delete(KEY);
    store.compact(ProgressListener.NONE);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_dead_value_goes_when_the_store_is_opened() {
    stream(KEY, bytes(LENGTH));
    store.delete(KEY);
    reopen();
    assertThat(valueFiles()).isEmpty();
    assertThat(store.compact(ProgressListener.NONE).droppedRecords()).isEqualTo(2);
  }

  @Test
  void a_cursor_reads_a_value_that_was_overwritten_and_compacted_away_twice() {
    stream(KEY, bytes(LENGTH));
    try (Cursor cursor = store.scan(KeyRange.all())) {
      put(store, "other", "makes the segment worth a compaction");
      put(store, "other", "again");
      store.compact(ProgressListener.NONE);
      put(store, "key", "short");
      store.compact(ProgressListener.NONE);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value().toByteArray()).isEqualTo(bytes(LENGTH));
      assertThat(valueFiles()).hasSize(1);
    }
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_reader_reads_a_value_that_was_overwritten_and_compacted_away() {
    stream(KEY, bytes(LENGTH));
    try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
      store.delete(KEY);
      store.compact(ProgressListener.NONE);
      ByteBuffer target = ByteBuffer.allocate(LENGTH);
      while (target.hasRemaining()) {
        reader.read(target.position(), target);
      }
      assertThat(target.array()).isEqualTo(bytes(LENGTH));
    }
    assertThat(valueFiles()).isEmpty();
  }

  // ---- damage

  @Test
  void a_missing_file_costs_its_key_alone() throws IOException {
    stream(KEY, bytes(LENGTH));
    stream(Key.of("other"), bytes(LENGTH));
    disk.delete(valueFiles().getFirst());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(DamagedDataException.class);
      assertThatThrownBy(() -> store.openReader(KEY)).isInstanceOf(DamagedDataException.class);
      assertThat(store.info(KEY).orElseThrow().valueLength()).isEqualTo(LENGTH);
      assertThat(store.get(Key.of("other"))).isPresent();
      VerificationReport report = store.verify(ProgressListener.NONE);
      assertThat(report.damages()).hasSize(1);
      assertThat(report.damages().getFirst().key()).contains(KEY);
      reopen();
    }
    stream(KEY, bytes(10));
    store.compact(ProgressListener.NONE);
    assertThat(store.verify(ProgressListener.NONE).isClean()).isTrue();
    assertThat(value()).isEqualTo(bytes(10));
  }

  // ---- helpers

  private ValueWriter open(Key key, Condition condition) {
    return store.openWriter(key, Attributes.none(), Expiry.never(), condition);
  }

  private void stream(Key key, byte[] value) {
    try (ValueWriter writer = open(key, Condition.always())) {
      for (int from = 0; from < value.length; from += 30_000) {
        writer.write(ByteBuffer.wrap(value, from, Math.min(30_000, value.length - from)));
      }
      writer.commit(Durability.OS);
    }
  }

  private byte[] value() {
    return store.get(KEY).map(Entry::value).orElseThrow().toByteArray();
  }

  private List<String> valueFiles() {
    try {
      return disk.list().stream().filter(name -> name.endsWith(".val")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** How many bytes of records there are. */
  private long logBytes() {
    DiskImage image = disk.processKill();
    long valueBytes = valueFiles().stream().mapToLong(name -> image.bytes(name).length).sum();
    return store.statistics().segments().stream().mapToLong(SegmentStatistics::sizeBytes).sum()
        - valueBytes;
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
