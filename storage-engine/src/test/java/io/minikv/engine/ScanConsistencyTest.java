package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.fail;

import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A cursor shows the store as of its opening, whatever happens meanwhile. Random tests print their
 * seed; run them again with {@code -Dminikv.test.seed=...}.
 */
@Timeout(120)
class ScanConsistencyTest {

  private static final int KEYS = 300;

  /** Keys so long, and segments so large, that key files have several blocks. */
  private static final String PADDING = "-".repeat(60);

  private static final EngineOptions OPTIONS = Stores.SMALL_SEGMENTS.withSegmentBytes(32 << 10);

  /** One seed that was asked for, or new ones. */
  static LongStream seeds() {
    Long replayed = Long.getLong("minikv.test.seed");
    return replayed == null
        ? RandomGenerator.getDefault().longs(12L * Integer.getInteger("minikv.test.scale", 1))
        : LongStream.of(replayed);
  }

  /** Fewer of them, for what takes longer. */
  static LongStream fewSeeds() {
    return seeds().limit(2);
  }

  @Tag("lengthy")
  @ParameterizedTest(name = "-Dminikv.test.seed={0}")
  @MethodSource("seeds")
  void cursors_show_what_a_model_held_when_they_were_opened(long seed) throws IOException {
    IO.println("Cursors over a simulated disk: -Dminikv.test.seed=" + seed);
    ScanScenario scenario = new ScanScenario(seed, new SimulatedDisk(), Path.of("/"));

    assertThat(scenario.run()).isGreaterThan(100);
  }

  @Tag("lengthy")
  @ParameterizedTest(name = "-Dminikv.test.seed={0}")
  @MethodSource("fewSeeds")
  void so_they_do_over_real_files(long seed, @TempDir Path directory) throws IOException {
    IO.println("Cursors over real files: -Dminikv.test.seed=" + seed);
    Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    NioDisk disk = NioDisk.open(directory.resolve("store"), true);

    assertThat(new ScanScenario(seed, disk, checkpoints).run()).isGreaterThan(100);
  }

  @Tag("lengthy")
  @ParameterizedTest(name = "-Dminikv.test.seed={0}")
  @MethodSource("fewSeeds")
  void so_they_do_beside_threads_that_write_and_compact(long seed, @TempDir Path directory)
      throws InterruptedException {
    IO.println("Cursors beside threads: -Dminikv.test.seed=" + seed);

    assertThat(new ScanRace(seed, directory).run()).isGreaterThan(1000);
  }

  // ---- damaged key files

  @ParameterizedTest
  @EnumSource
  void a_cursor_goes_on_when_key_files_are_damaged_under_it(ScanOptions.Direction direction)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = open(disk)) {
      List<Key> expected = write(store, direction);
      try (Cursor cursor = store.scan(KeyRange.all(), options(direction))) {
        assertShows(cursor, expected.subList(0, 100));
        damageKeyFiles(disk);
        assertShows(cursor, expected.subList(100, 200));
        damageKeyFiles(disk);
        assertShows(cursor, expected.subList(200, KEYS));
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_cursor_shows_everything_when_key_files_were_damaged_before(ScanOptions.Direction direction)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    List<Key> expected;
    try (SegmentedStore store = open(disk)) {
      expected = write(store, direction);
      damageKeyFiles(disk);
      assertShowsAll(store, expected, direction);
    }
    damageKeyFiles(disk);
    try (SegmentedStore store = open(disk)) {
      damageKeyFiles(disk);
      assertShowsAll(store, expected, direction);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_key_file_that_the_disk_cannot_read_is_as_good_as_none(ScanOptions.Direction direction) {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = open(disk)) {
      List<Key> expected = write(store, direction);
      try (Cursor cursor = store.scan(KeyRange.all(), options(direction))) {
        assertShows(cursor, expected.subList(0, 100));
        disk.listen(
            new DiskListener() {
              @Override
              public void before(Operation operation) throws IOException {
                if (operation.type() == OperationType.MAPPED_READ
                    && FileNames.isOfKeys(operation.file())) {
                  throw new IOException("Input/output error");
                }
              }
            });
        assertShows(cursor, expected.subList(100, KEYS));
        assertThat(cursor.next()).isFalse();
        assertShowsAll(store, expected, direction);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_cursor_goes_on_when_a_segment_can_be_read_again(ScanOptions.Direction direction)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = open(disk)) {
      List<Key> expected = write(store, direction);
      try (Cursor cursor = store.scan(KeyRange.all(), options(direction))) {
        assertShows(cursor, expected.subList(0, 10));
        damageKeyFiles(disk);
        damageSegments(disk);
        int shown = 10 + showUntilDamage(cursor);
        assertThat(shown).isLessThan(KEYS);
        assertThatIllegalStateException().isThrownBy(cursor::key);
        assertThatIllegalStateException().isThrownBy(cursor::info);
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(cursor::next);

        damageSegments(disk); // The same bits once more.
        assertShows(cursor, expected.subList(shown, KEYS));
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  /** How many keys are shown from blocks that were read before. */
  private static int showUntilDamage(Cursor cursor) {
    int shown = 0;
    try {
      while (cursor.next()) {
        shown++;
      }
      return fail("no damage was found");
    } catch (DamagedDataException _) {
      return shown;
    }
  }

  private static SegmentedStore open(SimulatedDisk disk) {
    return SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE);
  }

  private static ScanOptions options(ScanOptions.Direction direction) {
    return direction == ScanOptions.Direction.FORWARDS
        ? ScanOptions.DEFAULT
        : ScanOptions.DEFAULT.backwards();
  }

  /** Writes keys, each of them several times and far apart; returns them in their order. */
  private static List<Key> write(SegmentedStore store, ScanOptions.Direction direction) {
    List<Key> keys = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < KEYS; i++) {
        Key key = key(i * 7 % KEYS);
        Stores.put(store, key.utf8(), key.utf8() + " as of round " + round);
        Stores.put(store, "lost-%03d".formatted(i), "value");
      }
    }
    for (int i = 0; i < KEYS; i++) {
      store.delete(Key.of("lost-%03d".formatted(i)));
      keys.add(key(i));
    }
    return direction == ScanOptions.Direction.FORWARDS ? keys : keys.reversed();
  }

  private static Key key(int number) {
    return Key.of("key-%03d".formatted(number) + PADDING);
  }

  private static void assertShowsAll(
      SegmentedStore store, List<Key> expected, ScanOptions.Direction direction) {
    try (Cursor cursor = store.scan(KeyRange.all(), options(direction))) {
      assertShows(cursor, expected);
      assertThat(cursor.next()).isFalse();
    }
    assertThat(store.count(KeyRange.all())).isEqualTo(expected.size());
  }

  private static void assertShows(Cursor cursor, List<Key> expected) {
    for (Key key : expected) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(key);
      assertThat(cursor.value().utf8()).isEqualTo(key.utf8() + " as of round 2");
    }
  }

  private static void damageKeyFiles(SimulatedDisk disk) throws IOException {
    damage(disk, ".keys");
  }

  private static void damageSegments(SimulatedDisk disk) throws IOException {
    damage(disk, ".log");
  }

  private static void damage(SimulatedDisk disk, String ending) throws IOException {
    for (String name : disk.list()) {
      if (name.endsWith(ending)) {
        BitFlips.flipEverywhere(disk, name, 50);
      }
    }
  }
}
