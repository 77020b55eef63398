package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a checkpoint that is restored. */
class RestoreToolTest {

  private static final Path RESTORED = Path.of("/restored");
  private static final String SECOND = "000000003.log";

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();

  @Test
  void the_same_store_goes_on_with_numbers_far_behind_those_of_the_checkpoint() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image);
    assertThat(restore(disk).isClean()).isTrue();

    assertThat(new SampleStore(disk.sibling(RESTORED).processKill()).describe("MANIFEST"))
        .isEqualTo(
            store
                .describe("MANIFEST")
                .replace("replaced           10 times", "replaced           11 times")
                .replace("number   8\n", "number   " + (8 + 65_536) + "\n")
                .replace("number    9\n", "number    " + (9 + (1L << 32)) + "\n"));
  }

  @Test
  void segments_key_files_and_values_are_copied_and_what_is_derived_of_many_is_not()
      throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image.without("000000003.keys"));
    restore(disk);

    DiskImage restored = disk.sibling(RESTORED).processKill();
    assertThat(restored.names())
        .containsExactly(
            "000000001.keys",
            "000000001.log",
            "000000002.val",
            "000000003.log",
            "000000004.keys",
            "000000004.log",
            "000000005.log",
            "LOCK",
            "MANIFEST");
    for (String name : restored.names().headSet("LOCK")) {
      assertThat(restored.bytes(name)).as(name).isEqualTo(image.bytes(name));
    }
    try (SegmentedStore opened = Stores.open(disk.sibling(RESTORED))) {
      assertThat(opened.statistics().keys()).isEqualTo(7);
    }
  }

  @Test
  void segments_that_are_not_live_any_more_are_left_behind() throws IOException, FormatException {
    Manifest manifest = Manifest.decode(image.bytes("MANIFEST"));
    List<Manifest.SegmentEntry> entries = new ArrayList<>(manifest.segments());
    entries.set(1, entries.get(1).retired());
    SimulatedDisk disk =
        SimulatedDisk.from(image.with("MANIFEST", manifest.withSegments(entries).encode()));

    assertThat(restore(disk).isClean()).isTrue();

    DiskImage restored = disk.sibling(RESTORED).processKill();
    assertThat(restored.names()).doesNotContain(SECOND, "000000003.keys");
    assertThat(new SampleStore(restored).describe("MANIFEST"))
        .contains("  segments           3\n")
        .doesNotContain("retired");
  }

  @Test
  void the_first_half_of_the_progress_is_reading_and_the_second_copying() throws IOException {
    long segmentBytes = 3_936 + 4_040 + 4_040 + 4_008;
    List<Long> done = new ArrayList<>();

    SegmentedStoreTools.restore(
        SimulatedDisk.from(image),
        RESTORED,
        new MutableClock(),
        (doneBytes, totalBytes) -> {
          assertThat(totalBytes).isEqualTo(2 * segmentBytes);
          done.add(doneBytes);
        });

    assertThat(done)
        .isSorted()
        .startsWith(244 + 4_008L)
        .contains(segmentBytes)
        .endsWith(
            segmentBytes + 3_936,
            segmentBytes + 3_936 + 4_040,
            segmentBytes + 3_936 + 4_040 + 4_040,
            2 * segmentBytes);
  }

  // ---- what is refused

  @Test
  void a_checkpoint_that_is_not_whole_is_not_restored() throws IOException {
    for (DiskImage damaged :
        new DiskImage[] {
          image.with(SECOND, store.damaged(SECOND, 1_000)),
          image.without(SECOND),
          image.without("MANIFEST"),
          image.with("MANIFEST", store.damaged("MANIFEST", 100))
        }) {
      SimulatedDisk disk = SimulatedDisk.from(damaged);

      assertThat(restore(disk).damages())
          .hasSize(1)
          .extracting(Damage::file)
          .containsAnyOf(SECOND, "MANIFEST");
      assertThat(disk.sibling(RESTORED).list()).isEmpty();
    }
  }

  @Test
  void a_store_that_was_not_closed_is_no_checkpoint() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(SampleStore.killed().image());

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> restore(disk))
        .returns(Reason.FOREIGN, StoreUnavailableException::reason)
        .withMessage(
            "/simulated is no checkpoint, but a store that was not closed in order. Open it and"
                + " close it first, or save what is in it with a repair.");
    assertThat(disk.sibling(RESTORED).list()).isEmpty();
  }

  @Test
  void a_restoring_that_fails_leaves_nothing_and_holds_nothing() throws IOException {
    int failures = 0;
    for (int nth = 1; nth < 60; nth++) {
      SimulatedDisk disk = SimulatedDisk.from(image);
      disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, nth));
      try {
        restore(disk);
      } catch (IOException e) {
        failures++;
        assertThat(disk.sibling(RESTORED).list()).as("after failure " + nth).isEmpty();
      }
      disk.heal();
      try (DirectoryLock lock = disk.lock("LOCK", "test")) {
        assertThat(lock).as("after failure " + nth).isNotNull();
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  private static VerificationReport restore(SimulatedDisk disk) throws IOException {
    return SegmentedStoreTools.restore(disk, RESTORED, new MutableClock(), ProgressListener.NONE);
  }
}
