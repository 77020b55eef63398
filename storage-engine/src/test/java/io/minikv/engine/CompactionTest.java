package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Attributes;
import io.minikv.domain.Cursor;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What compaction keeps and drops, and what readers see of it: nothing. */
@Timeout(60)
class CompactionTest {

  private static final String FILLER = "x".repeat(500);

  private final SimulatedDisk disk = new SimulatedDisk();

  // ---- what goes and what stays

  @Test
  void a_deleted_key_stays_deleted_when_its_older_record_is_left_where_it_is() throws IOException {
    new CompactionScenario().deleteAndCompact();
  }

  @Test
  void an_expired_key_stays_so_when_its_older_record_is_left_where_it_is() throws IOException {
    new CompactionScenario().expireAndCompact();
  }

  @Test
  void overwritten_deleted_and_expired_records_and_tombstones_go() {
    MutableClock clock = new MutableClock();
    try (SegmentedStore store =
        SegmentedStore.open(disk, Stores.SMALL_SEGMENTS.withClock(clock), EngineThreads.NONE)) {
      put(store, "kept", FILLER);
      put(store, "overwritten", FILLER);
      put(store, "overwritten", "new");
      put(store, "deleted", FILLER);
      store.delete(Key.of("deleted"));
      store.write(
          Mutation.Put.of(Key.of("expired"), Value.of(FILLER))
              .with(Expiry.after(Duration.ofSeconds(1))));
      clock.advance(Duration.ofSeconds(1));

      CompactionReport report = store.compact(ProgressListener.NONE);

      assertThat(report.movedRecords()).isEqualTo(2);
      assertThat(report.droppedRecords()).isEqualTo(4);
      assertThat(report.reclaimedBytes()).isGreaterThan(3 * 500);
      assertThat(store.statistics().keys()).isEqualTo(2);
      assertThat(text(store, "kept")).contains(FILLER);
      assertThat(text(store, "overwritten")).contains("new");
    }
    try (SegmentedStore reopened = Stores.open(disk)) {
      assertThat(reopened.count(KeyRange.all())).isEqualTo(2);
      assertThat(reopened.exists(Key.of("deleted"))).isFalse();
      assertThat(reopened.exists(Key.of("expired"))).isFalse();
    }
  }

  @Test
  void a_record_moves_with_all_that_it_holds() {
    try (SegmentedStore store = Stores.open(disk)) {
      byte[] large = new byte[200_000];
      new Random(1).nextBytes(large);
      store.write(
          Mutation.Put.of(Key.of("a"), Value.wrap(large))
              .with(Attributes.of("content-type", "text/plain"))
              .with(Expiry.after(Duration.ofDays(1))));
      put(store, "b", "1");
      put(store, "b", "2");
      Entry before = store.get(Key.of("a")).orElseThrow();

      store.compact(ProgressListener.NONE);

      assertThat(store.get(Key.of("a"))).contains(before);
    }
    try (SegmentedStore reopened = Stores.open(disk)) {
      assertThat(reopened.get(Key.of("a")).orElseThrow().attributes())
          .isEqualTo(Attributes.of("content-type", "text/plain"));
    }
  }

  @Test
  void copies_lie_in_the_order_of_their_keys_across_all_inputs() {
    List<String> keys = IntStream.range(0, 60).mapToObj("key-%02d"::formatted).toList();
    List<String> shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, new Random(1));
    try (SegmentedStore store = Stores.open(disk)) {
      shuffled.forEach(key -> put(store, key, "old" + FILLER));
      shuffled.forEach(key -> put(store, key, "new"));

      store.compact(ProgressListener.NONE);
    }
    List<String> stored = new ArrayList<>();
    DiskImage image = disk.processKill();
    for (String name : new TreeSet<>(image.names())) {
      if (FileNames.segmentNumber(name).isPresent()) {
        Matcher key =
            Pattern.compile("key-\\d\\d(?=.{0,8}new)", Pattern.DOTALL)
                .matcher(new String(image.bytes(name), StandardCharsets.ISO_8859_1));
        while (key.find()) {
          stored.add(key.group());
        }
      }
    }
    assertThat(stored).isEqualTo(keys);
  }

  @Tag("lengthy")
  @Test
  void space_comes_back_and_the_files_are_gone(@TempDir Path directory) throws IOException {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      for (int i = 0; i < 200; i++) {
        put(store, "key-" + i % 10, FILLER + i);
      }
      List<Path> filesBefore = segmentFiles(directory);
      long bytesBefore = store.statistics().diskBytes();

      store.compact(ProgressListener.NONE);

      assertThat(store.statistics().diskBytes()).isLessThan(bytesBefore / 3);
      assertThat(segmentFiles(directory)).hasSizeLessThan(filesBefore.size() / 3);
      assertThat(filesBefore.getFirst()).doesNotExist();
      assertThat(OpenFiles.below(directory)).noneMatch(path -> path.contains("(deleted)"));
      for (int i = 0; i < 10; i++) {
        assertThat(text(store, "key-" + i)).contains(FILLER + (190 + i));
      }
    }
  }

  private static List<Path> segmentFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  @Test
  void a_compaction_without_anything_dead_moves_nothing() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      store.compact(ProgressListener.NONE);

      CompactionReport second = store.compact(ProgressListener.NONE);

      assertThat(second.movedRecords()).isZero();
      assertThat(text(store, "a")).contains("1");
    }
  }

  @Test
  void more_entries_than_are_changed_at_once_are_all_moved() {
    EngineOptions options = Stores.SMALL_SEGMENTS.withSegmentBytes(256 << 10);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      for (int i = 0; i < 3_000; i++) {
        put(store, "key-" + i, "old");
      }
      for (int i = 0; i < 3_000; i += 3) {
        put(store, "key-" + i, "new");
      }

      assertThat(store.compact(ProgressListener.NONE).movedRecords()).isEqualTo(3_000);

      for (int i = 0; i < 3_000; i++) {
        assertThat(text(store, "key-" + i)).contains(i % 3 == 0 ? "new" : "old");
      }
    }
  }

  @Test
  void progress_is_told_about_once_in_a_mebibyte() {
    List<Long> steps = new ArrayList<>();
    AtomicLong reached = new AtomicLong();
    EngineOptions options = Stores.SMALL_SEGMENTS.withSegmentBytes(4 << 20);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      for (int i = 0; i < 600; i++) {
        put(store, "key-" + i % 300, FILLER.repeat(20));
      }

      store.compact((done, _) -> steps.add(done - reached.getAndSet(done)));
    }
    steps.removeLast();
    assertThat(steps).hasSize(4).allMatch(step -> step >= 1 << 20 && step < 5 << 18);
  }

  // ---- readers meanwhile

  @Tag("lengthy")
  @Test
  void readers_and_writers_never_fail_during_compactions(@TempDir Path directory)
      throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (SegmentedStore store =
        SegmentedStore.open(directory, Stores.SMALL_SEGMENTS.withSegmentBytes(64 << 10))) {
      for (int i = 0; i < 50; i++) {
        put(store, "stable-" + i, FILLER + i);
      }
      List<Thread> threads = new ArrayList<>();
      threads.add(until(stop, failures, () -> readStable(store)));
      threads.add(until(stop, failures, () -> scanStable(store)));
      threads.add(until(stop, failures, () -> put(store, "churn", FILLER)));

      for (int i = 0; i < 10; i++) {
        store.compact(ProgressListener.NONE);
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(failures).isEmpty();
      readStable(store);
    }
  }

  private static Thread until(
      AtomicBoolean stop, ConcurrentLinkedQueue<Throwable> failures, Runnable action) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (!stop.get()) {
              action.run();
            }
          } catch (Throwable e) {
            failures.add(e);
          }
        });
  }

  private static void readStable(SegmentedStore store) {
    for (int i = 0; i < 50; i++) {
      assertThat(text(store, "stable-" + i)).isEqualTo(Optional.of(FILLER + i));
    }
  }

  private static void scanStable(SegmentedStore store) {
    int seen = 0;
    try (Cursor cursor = store.scan(KeyRange.prefix("stable-"))) {
      while (cursor.next()) {
        assertThat(cursor.value().utf8()).startsWith(FILLER);
        seen++;
      }
    }
    assertThat(seen).isEqualTo(50);
  }

  @Test
  void a_cursor_goes_on_seeing_what_a_compaction_took_away() {
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 30; i++) {
        put(store, "key-%02d".formatted(i), FILLER + i);
      }
      try (Cursor cursor = store.scan(KeyRange.all())) {
        for (int i = 0; i < 30; i++) {
          store.delete(Key.of("key-%02d".formatted(i)));
        }
        store.compact(ProgressListener.NONE);
        assertThat(store.count(KeyRange.all())).isZero();

        for (int i = 0; i < 30; i++) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.key()).isEqualTo(Key.of("key-%02d".formatted(i)));
          assertThat(cursor.value().utf8()).isEqualTo(FILLER + i);
        }
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @Tag("lengthy")
  @Test
  void a_cursor_that_was_dropped_gives_its_files_back(@TempDir Path directory) {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      put(store, "a", FILLER);
      put(store, "a", FILLER);
      dropCursor(store);
      store.compact(ProgressListener.NONE);

      await()
          .untilAsserted(() -> {
            System.gc();
            assertThat(OpenFiles.below(directory)).noneMatch(path -> path.contains("(deleted)"));
          });
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static void dropCursor(SegmentedStore store) {
    assertThat(store.scan(KeyRange.all()).next()).isTrue();
  }

  @Test
  void a_cursor_ends_with_its_store() {
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "1");
    put(store, "b", "2");
    Cursor cursor = store.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();

    store.close();

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::value);
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::next);
    cursor.close();
  }

  @Test
  void a_reader_of_a_value_reads_across_blocks_also_after_a_compaction() {
    byte[] value = new byte[3 * 65_536 + 5];
    new Random(2).nextBytes(value);
    try (SegmentedStore store = Stores.open(disk)) {
      store.put(Key.of("a"), Value.wrap(value));
      try (ValueReader reader = store.openReader(Key.of("a")).orElseThrow()) {
        put(store, "a", "gone");
        store.compact(ProgressListener.NONE);

        for (int[] part :
            new int[][] {
              {0, 10}, {65_530, 12}, {65_536, 65_536}, {1, 3 * 65_536}, {196_600, 13}, {5, 0}
            }) {
          ByteBuffer target = ByteBuffer.allocate(part[1]);
          assertThat(reader.read(part[0], target)).isEqualTo(part[1]);
          assertThat(target.array())
              .isEqualTo(Arrays.copyOfRange(value, part[0], part[0] + part[1]));
        }
        assertThat(reader.read(196_610, ByteBuffer.allocate(100))).isEqualTo(3);
        assertThat(reader.read(value.length, ByteBuffer.allocate(1))).isEqualTo(-1);
      }
      assertThat(text(store, "a")).contains("gone");
    }
  }
}
