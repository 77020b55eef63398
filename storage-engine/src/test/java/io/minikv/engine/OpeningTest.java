package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.RecoveryReport.Outcome;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be found where a store should be, and what is said about it. */
@Timeout(60)
class OpeningTest {

  private static final String FILLER = "x".repeat(1000);

  /** Where the key of the first record of a segment stands. */
  private static final int KEY_IN_FIRST_RECORD = 64 + 32;

  /** Somewhere in the first block of a key file. */
  private static final int KEY_IN_KEY_FILE = 64 + 20;

  @TempDir private Path directory;

  // ---- who else has it open

  @Test
  void a_store_is_opened_once_in_a_process() {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      put(store, "a", "1");

      assertThatOpening(directory, Reason.IN_USE)
          .withMessage(
              "The store in "
                  + realPath(directory)
                  + " is in use by process "
                  + ProcessHandle.current().pid()
                  + ". Only one process can open it at a time.");
      put(store, "a", "2");
      assertThat(text(store, "a")).contains("2");
    }
    SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
  }

  @Tag("lengthy")
  @Test
  void a_store_that_another_process_has_open_is_in_use_by_that_process() throws Exception {
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OpenUntilInput.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("open");

      assertThatOpening(directory, Reason.IN_USE)
          .withMessageContaining("is in use by process " + other.pid() + ".");
      assertThatOpening(directory, Reason.IN_USE);

      other.outputWriter().close();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
      SegmentedStore.open(directory, Stores.SMALL_SEGMENTS).close();
    } finally {
      other.destroyForcibly();
    }
  }

  /** Another process: opens a store, says so, and closes it at the end of its input. */
  static final class OpenUntilInput {

    private OpenUntilInput() {}

    public static void main(String[] arguments) throws IOException {
      try (SegmentedStore store =
          SegmentedStore.open(Path.of(arguments[0]), Stores.SMALL_SEGMENTS)) {
        System.out.println(store.health().isHealthy() ? "open" : "sick");
        System.out.flush();
        while (System.in.read() >= 0) {
          // Waits for the end.
        }
      }
    }
  }

  // ---- the MANIFEST

  @Test
  void an_unfinished_manifest_is_no_matter() {
    DiskImage image = closedStore();

    SimulatedDisk disk =
        SimulatedDisk.from(image.with("MANIFEST.tmp", Arrays.copyOf(image.bytes("MANIFEST"), 50)));

    try (SegmentedStore store = Stores.open(disk)) {
      assertThat(text(store, "a")).contains("2");
      assertThat(recovery(store).outcome()).isEqualTo(Outcome.CLEAN);
    }
  }

  // ---- segments

  @Test
  void an_unlisted_segment_with_data_is_left_alone_and_reported() {
    DiskImage image = closedStore();
    byte[] foreign = closedStore().bytes("000000001.log");

    SimulatedDisk disk = SimulatedDisk.from(image.with("000000900.log", foreign));

    try (SegmentedStore store = Stores.open(disk)) {
      assertThat(recovery(store).findings())
          .containsExactly(
              "000000900.log is a segment that the MANIFEST does not list. It was left alone, and is not read.");
      assertThat(text(store, "a")).contains("2");
    }
    assertThat(disk.processKill().bytes("000000900.log")).isEqualTo(foreign);
  }

  @Test
  void what_a_compaction_left_behind_is_removed() {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "1");
    put(store, "a", "2");
    DiskImage before = disk.processKill();
    store.compact(ProgressListener.NONE);
    DiskImage after = disk.processKill();
    String output =
        after.names().stream()
            .filter(name -> !before.names().contains(name))
            .findFirst()
            .orElseThrow();

    SimulatedDisk crashed = SimulatedDisk.from(before.with(output, after.bytes(output)));

    try (SegmentedStore reopened = Stores.open(crashed)) {
      assertThat(text(reopened, "a")).contains("2");
      assertThat(recovery(reopened).findings()).isEmpty();
    }
    assertThat(crashed.processKill().bytes("000000001.log")).isNotEmpty();
  }

  @Test
  void a_log_stored_as_a_value_is_never_replayed() {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "old");
    byte[] log = disk.processKill().bytes("000000001.log");
    put(store, "a", "new");
    store.delete(Key.of("a"));
    byte[] value = Arrays.copyOf(log, 1_000);
    Arrays.fill(value, contentEnd(log), value.length, (byte) 'x');
    store.put(Key.of("log"), Value.copyOf(value));
    DiskImage killed = disk.processKill();

    for (int cut = 1; cut < 64; cut++) {
      byte[] torn = killed.bytes("000000001.log");
      Arrays.fill(torn, contentEnd(torn) - cut * 8, torn.length, (byte) 0);
      try (SegmentedStore reopened =
          Stores.open(SimulatedDisk.from(killed.with("000000001.log", torn)))) {
        assertThat(text(reopened, "a")).isEmpty();
      }
    }
  }

  private static int contentEnd(byte[] bytes) {
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  // ---- key files

  @Test
  void without_a_snapshot_no_record_is_read_that_a_key_file_tells_of() {
    DiskImage image = withoutSnapshots(closedStore());
    DiskImage logs = without(image, name -> name.endsWith(".keys"));

    try (SegmentedStore fromKeys = Stores.open(SimulatedDisk.from(image));
        SegmentedStore fromLogs = Stores.open(SimulatedDisk.from(logs))) {
      assertThat(recovery(fromLogs).records()).isEqualTo(8);
      assertThat(recovery(fromKeys).records()).isEqualTo(5); // Those where the log goes on.
      assertThat(recovery(fromKeys).findings()).isEmpty();
      assertThat(fromKeys.statistics().segments()).isEqualTo(fromLogs.statistics().segments());
      assertThat(text(fromKeys, "a")).contains("2");
    }
  }

  @Test
  void a_missing_key_file_is_reported_and_its_segment_is_read() {
    DiskImage image = withoutSnapshots(closedStore());

    assertReported(image.without("000000001.keys"), "000000001.keys is missing");
  }

  @Test
  void a_damaged_key_file_is_reported_and_its_segment_is_read() {
    DiskImage image = withoutSnapshots(closedStore());
    byte[] keys = image.bytes("000000001.keys");
    keys[KEY_IN_KEY_FILE] ^= 1;

    assertReported(
        image.with("000000001.keys", keys),
        "000000001.keys has a block whose checksum does not fit at byte 64");
  }

  @Test
  void the_key_file_of_another_store_is_reported_and_the_segment_is_read() {
    DiskImage image = withoutSnapshots(closedStore());

    assertReported(
        image.with("000000001.keys", closedStore().bytes("000000001.keys")), "000000001.keys ");
  }

  private static void assertReported(DiskImage image, String problem) {
    try (SegmentedStore store = Stores.open(SimulatedDisk.from(image))) {
      assertThat(recovery(store).findings())
          .singleElement()
          .asString()
          .startsWith(problem)
          .endsWith("000000001.log was read in its place, which made the opening take longer.");
      assertThat(store.statistics().keys()).isEqualTo(7);
      assertThat(text(store, "a")).contains("2");
    }
  }

  @Test
  void a_damaged_record_that_a_key_file_tells_of_gives_way_to_a_newer_one_only() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "old");
      for (int i = 0; i < 6; i++) {
        put(store, "key-" + i, FILLER);
      }
      put(store, "a", "new");
    }
    DiskImage image = withoutSnapshots(disk.processKill());
    byte[] segment = image.bytes("000000001.log");
    segment[KEY_IN_FIRST_RECORD] ^= 1;

    try (SegmentedStore damaged =
            Stores.open(SimulatedDisk.from(image.with("000000001.log", segment)));
        SegmentedStore intact = Stores.open(SimulatedDisk.from(image))) {
      assertThat(text(damaged, "a")).contains("new");
      assertThat(damaged.statistics().segments()).isEqualTo(intact.statistics().segments());
    }
  }

  private static DiskImage withoutSnapshots(DiskImage image) {
    return without(image, FileNames::isSnapshot);
  }

  private static DiskImage without(DiskImage image, Predicate<String> unwanted) {
    DiskImage rest = image;
    for (String name : image.names().stream().filter(unwanted).toList()) {
      rest = rest.without(name);
    }
    return rest;
  }

  // ---- helpers

  /** A store of two segments and more, closed in order. */
  private static DiskImage closedStore() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 6; i++) {
        put(store, "key-" + i, FILLER);
      }
      put(store, "a", "1");
      put(store, "a", "2");
    }
    return disk.processKill();
  }

  private static RecoveryReport recovery(SegmentedStore store) {
    return store.statistics().recovery();
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ThrowableAssertAlternative<StoreUnavailableException> assertThatOpening(
      Path place, Reason reason) {
    return assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> SegmentedStore.open(place, Stores.SMALL_SEGMENTS))
        .returns(reason, StoreUnavailableException::reason);
  }
}
