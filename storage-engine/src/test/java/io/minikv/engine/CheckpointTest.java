package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Version;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport.Outcome;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint is a store of its own that holds what the store held when it was asked for. */
@Timeout(120)
class CheckpointTest {

  private static final long SEED = 20_250_102;
  private static final Path COPY = Path.of("/copy");

  @TempDir private Path directory;

  @Test
  void a_checkpoint_holds_the_store_as_of_the_call() {
    CheckpointScenario scenario = new CheckpointScenario();
    scenario.checkpoint();
    put(scenario.store, "key-1", "later");

    try (SegmentedStore copy = Stores.open(scenario.target())) {
      assertThat(CrashOracle.read(copy)).isEqualTo(scenario.before);
      assertThat(copy.statistics().recovery().outcome()).isEqualTo(Outcome.CLEAN);
      assertThat(copy.statistics().recovery().findings()).isEmpty();
    }
  }

  @Test
  void the_report_tells_what_was_made() {
    CheckpointScenario scenario = new CheckpointScenario();

    CheckpointReport report = scenario.store.checkpoint(COPY);

    DiskImage copy = scenario.target().processKill();
    assertThat(report.directory()).isEqualTo(COPY);
    assertThat(report.sequence()).isEqualTo(scenario.store.statistics().lastSequence());
    assertThat(report.files()).isEqualTo(copy.names().size() - 1); // All but LOCK.
    assertThat(report.bytes())
        .isEqualTo(copy.names().stream().mapToLong(name -> copy.bytes(name).length).sum());
  }

  @Test
  void the_store_and_its_checkpoint_go_their_own_ways() {
    CheckpointScenario scenario = new CheckpointScenario();
    scenario.checkpoint();
    SimulatedDisk copyDisk = scenario.target();
    DiskImage asMade = copyDisk.processKill();

    writeMuch(scenario.store, "of the source");
    scenario.store.close();
    SegmentedStore source = Stores.open(scenario.disk);
    writeMuch(source, "of the source");
    assertThat(sharedBytes(asMade, copyDisk.processKill())).isEqualTo(sharedBytes(asMade, asMade));

    DiskImage beforeCopyOpens = scenario.disk.processKill();
    for (int i = 0; i < 3; i++) {
      try (SegmentedStore copy = Stores.open(copyDisk)) {
        writeMuch(copy, "of the copy");
      }
    }
    assertThat(scenario.disk.processKill().contentHash()).isEqualTo(beforeCopyOpens.contentHash());
    assertThat(text(source, "new-1")).contains("of the source");
    source.close();
    try (SegmentedStore copy = Stores.open(copyDisk)) {
      assertThat(text(copy, "new-1")).contains("of the copy");
      copy.compact(ProgressListener.NONE);
      assertThat(text(copy, "key-1")).isPresent();
    }
    try (SegmentedStore again = Stores.open(scenario.disk)) {
      assertThat(text(again, "new-1")).contains("of the source");
    }
  }

  private static void writeMuch(SegmentedStore store, String value) {
    for (int i = 0; i < 5; i++) {
      put(store, "new-" + i, value);
      put(store, "filler", "z".repeat(2_000));
    }
  }

  private static Map<String, String> sharedBytes(DiskImage names, DiskImage now) {
    Map<String, String> bytes = new ConcurrentHashMap<>();
    names
        .names()
        .forEach(name -> bytes.put(name, java.util.HexFormat.of().formatHex(now.bytes(name))));
    return bytes;
  }

  @Test
  void a_checkpoint_outlives_a_compaction_of_its_source() {
    CheckpointScenario scenario = new CheckpointScenario();
    scenario.checkpoint();
    scenario.store.compact(ProgressListener.NONE);
    scenario.store.close();

    try (SegmentedStore copy = Stores.open(scenario.target())) {
      assertThat(CrashOracle.read(copy)).isEqualTo(scenario.before);
    }
  }

  @Test
  void numbers_go_on_behind_those_of_the_checkpoint() {
    CheckpointScenario scenario = new CheckpointScenario();
    long sequence = scenario.store.checkpoint(COPY).sequence();

    try (SegmentedStore copy = Stores.open(scenario.target())) {
      Version next =
          copy.put(Key.of("next"), io.minikv.domain.Value.of("1")).version().orElseThrow();
      assertThat(next.sequence()).isEqualTo(sequence + 1);
    }
  }

  @Test
  void a_checkpoint_of_an_empty_store_is_an_empty_store() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = Stores.open(disk)) {
      assertThat(store.checkpoint(COPY).sequence()).isZero();
    }
    try (SegmentedStore copy = Stores.open(disk.sibling(COPY))) {
      assertThat(CrashOracle.read(copy)).isEmpty();
    }
  }

  // ---- when something is in the way

  @Test
  void a_directory_that_is_not_empty_is_refused_and_left_alone() throws IOException {
    Files.createDirectories(directory.resolve("taken/inside"));
    Files.writeString(directory.resolve("file"), "text");
    try (SegmentedStore store = SegmentedStore.open(directory.resolve("store"), options())) {
      put(store, "a", "1");
      for (String name : new String[] {"taken", "store"}) {
        assertThatExceptionOfType(InvalidRequestException.class)
            .isThrownBy(() -> store.checkpoint(directory.resolve(name)))
            .withMessage(
                directory.resolve(name)
                    + " is not empty. Choose a directory that is empty, or that does not exist.");
      }
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> store.checkpoint(directory.resolve("file")))
          .withMessageContaining("is a file; a directory is needed");
      assertThatExceptionOfType(InvalidRequestException.class)
          .isThrownBy(() -> store.checkpoint(directory.resolve("file/below")))
          .withMessageContaining(" cannot be used: ");
      assertThat(text(store, "a")).contains("1");
    }
    assertThat(directory.resolve("taken")).isDirectoryContaining("glob:**/inside");
  }

  @Test
  void a_power_cut_leaves_the_whole_copy_or_one_that_is_refused() {
    CheckpointScenario scenario = new CheckpointScenario();
    assertThat(scenario.cutPower(SEED)).isPositive();
    assertThat(CrashOracle.read(scenario.store)).isEqualTo(scenario.before);
  }

  @Tag("lengthy")
  @ParameterizedTest
  @EnumSource
  void a_failing_disk_costs_the_checkpoint_at_the_most(DiskFault.Kind kind) {
    for (boolean onwards : new boolean[] {false, true}) {
      int nth = 1;
      while (CheckpointScenario.fail(new DiskFault(kind, nth, onwards))) {
        nth++;
      }
      assertThat(nth).isGreaterThan(1);
    }
  }

  @Tag("lengthy")
  @Test
  void nothing_is_left_of_a_checkpoint_that_fails_once() {
    int left = 0;
    for (int nth = 1; nth < 60; nth++) {
      CheckpointScenario scenario = new CheckpointScenario();
      scenario.disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, nth));
      try {
        scenario.checkpoint();
      } catch (RuntimeException _) {
        left += scenario.target().processKill().names().size();
      }
    }
    assertThat(left).isZero();
  }

  @Tag("lengthy")
  @Test
  void checkpoints_in_random_traffic_hold_what_the_store_held() {
    AtomicInteger checkpoints = new AtomicInteger();
    CrashScenario.all(SEED)
        .flatMap(first -> Stream.of(first, first.next(), first.next().next()))
        .forEach(scenario -> {
          SimulatedDisk disk = scenario.disk();
          Map<Path, History> made = new ConcurrentHashMap<>();
          new Traffic(scenario.options(), scenario.seed(), 150).run(disk, _ -> {}, made::put);
          made.forEach((path, history) -> {
            MutableClock clock = new MutableClock(Instant.ofEpochMilli(history.nowMillis()));
            try (SegmentedStore copy =
                SegmentedStore.open(
                    disk.sibling(path), scenario.options().withClock(clock), EngineThreads.NONE)) {
              assertThat(History.matches(history.liveState(), CrashOracle.read(copy)))
                  .as("%s of %s", path, scenario)
                  .isTrue();
            }
          });
          checkpoints.addAndGet(made.size());
        });
    assertThat(checkpoints).hasPositiveValue();
  }

  // ---- on real files

  @Test
  void sealed_segments_are_shared_and_not_copied() throws IOException {
    Path copy = directory.resolve("a/b/copy");
    try (SegmentedStore store = SegmentedStore.open(directory.resolve("store"), options())) {
      writeMuch(store, "value");
      store.checkpoint(copy);
      assertThat(Files.getAttribute(copy.resolve("000000001.log"), "unix:ino"))
          .isEqualTo(Files.getAttribute(directory.resolve("store/000000001.log"), "unix:ino"));
    }
    try (SegmentedStore opened = SegmentedStore.open(copy, options())) {
      assertThat(text(opened, "new-1")).contains("value");
    }
  }

  @Test
  void files_are_copied_to_another_file_system() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeThat(Files.isWritable(memory)).as("there is another file system").isTrue();
    Path copy = Files.createTempDirectory(memory, "minikv-checkpoint");
    try (SegmentedStore store = SegmentedStore.open(directory.resolve("store"), options())) {
      writeMuch(store, "value");
      store.checkpoint(copy);
      try (SegmentedStore opened = SegmentedStore.open(copy, options())) {
        assertThat(text(opened, "new-1")).contains("value");
      }
    } finally {
      try (Stream<Path> files = Files.list(copy)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(copy);
    }
  }

  @Tag("lengthy")
  @Test
  void checkpoints_are_consistent_while_writers_and_compactions_run() throws Exception {
    try (SegmentedStore store = SegmentedStore.open(directory.resolve("store"), options())) {
      AtomicBoolean finished = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; !finished.get(); i++) {
                  put(store, "first", "" + i);
                  put(store, "second", "" + i);
                }
              });
      Thread compactor =
          Thread.ofPlatform()
              .start(() -> {
                while (!finished.get()) {
                  store.compact(ProgressListener.NONE);
                }
              });
      try {
        IntStream.range(0, 8).forEach(i -> store.checkpoint(directory.resolve("copy-" + i)));
      } finally {
        finished.set(true);
        writer.join();
        compactor.join();
      }
      for (int i = 0; i < 8; i++) {
        try (SegmentedStore copy = SegmentedStore.open(directory.resolve("copy-" + i), options())) {
          int first = text(copy, "first").map(Integer::parseInt).orElse(-1);
          int second = text(copy, "second").map(Integer::parseInt).orElse(-1);
          assertThat(first).isBetween(second, second + 1);
        }
      }
    }
  }

  @Test
  void a_checkpoint_does_not_wait_for_a_compaction_that_copies() {
    Path copies = directory.resolve("copies");
    AtomicInteger made = new AtomicInteger();
    try (SegmentedStore store = SegmentedStore.open(directory.resolve("store"), options())) {
      for (int i = 0; i < 100; i++) {
        put(store, "key-" + i % 20, i + "x".repeat(300));
      }
      ProgressListener checkpoints =
          (done, total) ->
              CompletableFuture.runAsync(
                      () -> store.checkpoint(copies.resolve("" + made.getAndIncrement())))
                  .join();

      assertThat(store.compact(checkpoints).segmentsBefore()).isPositive();

      assertThat(made).hasPositiveValue();
      SortedMap<Key, Stored> held = CrashOracle.read(store);
      for (int i = 0; i < made.get(); i++) {
        try (SegmentedStore copy = SegmentedStore.open(copies.resolve("" + i), options())) {
          assertThat(CrashOracle.read(copy)).isEqualTo(held);
        }
      }
    }
  }

  private static EngineOptions options() {
    return Stores.SMALL_SEGMENTS.withDurability(io.minikv.domain.Durability.OS);
  }
}
