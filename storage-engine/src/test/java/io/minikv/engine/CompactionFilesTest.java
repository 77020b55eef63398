package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of a compaction: who keeps them, when they go, and what damage and closing do. */
@Timeout(60)
class CompactionFilesTest {

  private static final int KEYS = 60;
  private static final String FILLER = "x".repeat(300);

  // ---- files that are open

  @Tag("lengthy")
  @Test
  void a_cursor_across_two_compactions_reads_its_values_and_then_gives_the_files_back(
      @TempDir Path directory) throws IOException {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      putAll(store, "first");
      try (Cursor cursor = store.scan(KeyRange.all())) {
        for (String round : new String[] {"second", "third"}) {
          putAll(store, round);
          store.compact(ProgressListener.NONE);
        }
        assertThat(OpenFiles.below(directory)).anyMatch(CompactionFilesTest::isDeleted);
        for (int i = 0; i < KEYS; i++) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.key()).isEqualTo(Key.of(key(i)));
          assertThat(cursor.value().utf8()).isEqualTo("first of " + key(i) + FILLER);
        }
        assertThat(cursor.next()).isFalse();
      }
      assertThat(OpenFiles.below(directory)).noneMatch(CompactionFilesTest::isDeleted);
    }
  }

  @Tag("lengthy")
  @Test
  void descriptors_and_mappings_come_back(@TempDir Path directory) throws IOException {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      for (int round = 0; round < 8; round++) {
        putAll(store, "round " + round);
        store.compact(ProgressListener.NONE);
        assertThat(store.count(KeyRange.all())).isEqualTo(KEYS); // Opens key files.
      }
      await()
          .untilAsserted(() ->
              assertThat(OpenFiles.below(directory)).noneMatch(CompactionFilesTest::isDeleted));
      assertThat(OpenFiles.below(directory)).isNotEmpty();
    }
    assertThat(OpenFiles.below(directory)).isEmpty();
  }

  private static boolean isDeleted(String file) {
    return file.contains("(deleted)");
  }

  // ---- damage

  @Test
  void damaged_live_records_keep_their_segments_and_no_others() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < KEYS; i++) {
        put(store, key(i), "value of " + key(i) + FILLER);
        put(store, "churn-" + i % 3, FILLER);
      }
      Set<Long> before = numbers(store);
      long firstDamaged = damage(disk, "value of " + key(7));
      long secondDamaged = damage(disk, "value of " + key(40));

      assertThatExceptionOfType(DamagedDataException.class)
          .isThrownBy(() -> store.compact(ProgressListener.NONE))
          .withMessageContaining("%09d.log".formatted(firstDamaged))
          .withMessageContaining("The others were compacted")
          .withMessageContaining("%09d.log".formatted(secondDamaged));

      Set<Long> kept = numbers(store);
      kept.retainAll(before);
      assertThat(kept).containsExactlyInAnyOrder(firstDamaged, secondDamaged);
      for (int i = 0; i < KEYS; i++) {
        if (i != 7 && i != 40) {
          assertThat(text(store, key(i))).contains("value of " + key(i) + FILLER);
        }
      }
      assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> text(store, key(7)));
    }
  }

  private static Set<Long> numbers(SegmentedStore store) {
    Set<Long> numbers = new HashSet<>();
    store.statistics().segments().stream().map(SegmentStatistics::number).forEach(numbers::add);
    return numbers;
  }

  /** Changes a byte of a text on the disk; returns the number of the segment that holds it. */
  private static long damage(SimulatedDisk disk, String text) throws IOException {
    for (String name : disk.list()) {
      String content = new String(disk.processKill().bytes(name), StandardCharsets.ISO_8859_1);
      int at = content.indexOf(text);
      Matcher segment = Pattern.compile("(\\d+)\\.log").matcher(name);
      if (at >= 0 && segment.matches()) {
        BitFlips.flip(disk, name, at);
        return Long.parseLong(segment.group(1));
      }
    }
    throw new AssertionError("no segment holds " + text);
  }

  // ---- closing

  @Tag("lengthy")
  @Test
  void closing_the_store_ends_a_compaction_that_is_held_up() throws InterruptedException {
    SimulatedDisk disk = new SimulatedDisk();
    EngineOptions slow =
        Stores.SMALL_SEGMENTS
            .withSegmentBytes(4L << 20)
            .withCompaction(CompactionOptions.ON_DEMAND.withBytesPerSecond(64 << 10));
    SegmentedStore store = SegmentedStore.open(disk, slow, EngineThreads.start());
    for (int key = 0; key < 16; key++) {
      put(store, key(key), "x".repeat(1 << 20)); // Takes four minutes to copy.
      put(store, "dead", "x".repeat(1 << 20));
    }
    CountDownLatch copying = new CountDownLatch(1);
    CompletableFuture<Void> compaction =
        CompletableFuture.runAsync(
            () -> {
              disk.listen(new OnCreation(copying::countDown));
              store.compact(ProgressListener.NONE);
            },
            task -> Thread.ofPlatform().start(task));
    copying.await();

    store.close();

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(compaction::join)
        .withCauseInstanceOf(StoreClosedException.class);
    try (SegmentedStore reopened = Stores.open(disk)) {
      assertThat(reopened.count(KeyRange.all())).isEqualTo(17);
    }
  }

  /** Tells of new segments. */
  private record OnCreation(Runnable action) implements DiskListener {

    @Override
    public void after(Operation operation) {
      if (operation.type() == OperationType.CREATE && operation.file().endsWith(".log")) {
        action.run();
      }
    }
  }

  private static void putAll(SegmentedStore store, String round) {
    for (int i = 0; i < KEYS; i++) {
      put(store, key(i), round + " of " + key(i) + FILLER);
    }
  }

  private static String key(int number) {
    return "key-%02d".formatted(number);
  }
}
