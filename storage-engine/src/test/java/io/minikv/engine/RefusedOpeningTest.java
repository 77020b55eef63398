package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

/** Files that do not make a store: what is said about them. They stay as they are, and unopened. */
class RefusedOpeningTest {

  private static final String FILLER = "x".repeat(1000);

  // ---- the MANIFEST

  @Test
  void an_empty_manifest_is_damage() {
    assertThatOpening(closedStore().with("MANIFEST", new byte[0]), Reason.DAMAGED)
        .withMessage(
            "The store is damaged and was not opened, so that no older state passes for the current one:"
                + " MANIFEST ends after 0 bytes. Nothing was changed."
                + " Restore a backup, or save what is left with a repair.");
  }

  @Test
  void segments_without_a_manifest_are_damage() {
    assertThatOpening(closedStore().without("MANIFEST"), Reason.DAMAGED)
        .withMessageContaining("/simulated holds segments, but no MANIFEST");
  }

  @Test
  void a_manifest_of_a_newer_version_is_refused() {
    DiskImage image = closedStore();
    byte[] manifest = image.bytes("MANIFEST");
    LittleEndian.putShort(manifest, 8, 2);
    int checksumAt = manifest.length - 4;
    LittleEndian.putInt(manifest, checksumAt, Checksum.of(manifest, 0, checksumAt));

    assertThatOpening(image.with("MANIFEST", manifest), Reason.FOREIGN)
        .withMessage(
            "The store cannot be opened: MANIFEST has format version 2, but this program knows only version 1."
                + " Use a newer program.");
  }

  @Test
  void something_else_called_manifest_is_refused() {
    assertThatOpening(closedStore().with("MANIFEST", new byte[500]), Reason.FOREIGN)
        .withMessageContaining("MANIFEST does not begin as a MANIFEST does");
  }

  @Test
  void key_files_or_a_snapshot_without_a_manifest_are_damage() {
    DiskImage none = new SimulatedDisk().processKill();
    for (String name : new String[] {"000000001.keys", FileNames.snapshot(5)}) {
      assertThatOpening(none.with(name, new byte[10]), Reason.DAMAGED)
          .withMessageContaining("/simulated holds segments, but no MANIFEST");
    }
  }

  // ---- segments

  @Test
  void a_segment_of_a_newer_version_is_refused() {
    DiskImage image = closedStore();
    byte[] segment = image.bytes("000000001.log");
    LittleEndian.putShort(segment, 8, 2);
    LittleEndian.putInt(segment, 60, Checksum.of(segment, 0, 60));

    assertThatOpening(image.with("000000001.log", segment), Reason.FOREIGN)
        .withMessage(
            "The store cannot be opened: 000000001.log has format version 2, but this program knows only version 1."
                + " Use a newer program.");
  }

  @Test
  void an_empty_segment_is_damage() {
    assertThatOpening(closedStore().with("000000001.log", new byte[0]), Reason.DAMAGED)
        .withMessageContaining("000000001.log ends within its header, after 0 bytes");
  }

  @Test
  void a_damaged_segment_that_was_made_ready_is_blamed_itself() {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 3; i++) {
      put(store, "key-" + i, FILLER);
    }
    DiskImage killed = disk.processKill();
    byte[] next = Arrays.copyOf(killed.bytes("000000002.log"), 4_096);
    next[1_000] = 1;

    assertThatOpening(killed.with("000000002.log", next), Reason.DAMAGED)
        .withMessageContaining(
            "000000002.log, at byte 64, has bytes that are no record, though 000000001.log before it"
                + " was still written");
  }

  @Test
  void a_missing_segment_is_damage() {
    assertThatOpening(closedStore().without("000000001.log"), Reason.DAMAGED)
        .withMessageContaining("000000001.log is missing, which the MANIFEST lists");
  }

  @Test
  void the_segments_of_another_store_are_refused() {
    DiskImage image = closedStore();

    assertThatOpening(
            image.with("000000001.log", closedStore().bytes("000000001.log")), Reason.FOREIGN)
        .withMessage(
            "The store cannot be opened: 000000001.log belongs to another store or has another name."
                + " Put the right file back from a backup.");
    assertThatOpening(image.with("MANIFEST", closedStore().bytes("MANIFEST")), Reason.FOREIGN);
  }

  @Test
  void segments_in_each_others_place_are_refused() {
    DiskImage image = closedStore();

    assertThatOpening(
            image
                .with("000000001.log", image.bytes("000000002.log"))
                .with("000000002.log", image.bytes("000000001.log")),
            Reason.FOREIGN)
        .withMessageContaining("belongs to another store or has another name");
  }

  @Test
  void a_complete_segment_that_is_shorter_than_it_was_is_damage() {
    DiskImage image = closedStore();
    byte[] segment = image.bytes("000000001.log");
    byte[] cut = Arrays.copyOf(segment, segment.length - 8);

    assertThatOpening(image.with("000000001.log", cut), Reason.DAMAGED)
        .withMessageContaining(
            "000000001.log has "
                + cut.length
                + " bytes, but had "
                + segment.length
                + " when it was complete");
  }

  @Test
  void a_segment_in_which_the_log_should_go_on_that_is_shorter_than_it_was_is_damage() {
    DiskImage image = closedStore();
    String last =
        image.names().stream()
            .filter(name -> FileNames.segmentNumber(name).isPresent())
            .reduce((first, second) -> second)
            .orElseThrow();
    byte[] segment = image.bytes(last);
    byte[] cut = Arrays.copyOf(segment, segment.length - 8);

    assertThatOpening(image.with(last, cut), Reason.DAMAGED)
        .withMessageContaining(
            last
                + " has "
                + cut.length
                + " bytes, but had "
                + segment.length
                + " when it was closed");
  }

  @Test
  void a_damaged_record_of_a_segment_that_must_be_read_is_damage() {
    DiskImage image = closedStore();
    for (String name : image.names()) {
      if (FileNames.isSnapshot(name) || FileNames.isOfKeys(name)) {
        image = image.without(name);
      }
    }
    byte[] segment = image.bytes("000000001.log");
    segment[64 + 20] ^= 1;

    assertThatOpening(image.with("000000001.log", segment), Reason.DAMAGED)
        .withMessageContaining("000000001.log, at byte 64");
  }

  // ---- helpers

  /** A store of two segments and more, closed in order. */
  private static DiskImage closedStore() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 6; i++) {
        put(store, "key-" + i, FILLER);
      }
    }
    return disk.processKill();
  }

  private static ThrowableAssertAlternative<StoreUnavailableException> assertThatOpening(
      DiskImage image, Reason reason) {
    SimulatedDisk disk = SimulatedDisk.from(image);
    ThrowableAssertAlternative<StoreUnavailableException> refusal =
        assertThatExceptionOfType(StoreUnavailableException.class)
            .isThrownBy(() -> Stores.open(disk))
            .returns(reason, StoreUnavailableException::reason);
    assertUntouched(disk, image);
    return refusal;
  }

  private static void assertUntouched(SimulatedDisk disk, DiskImage image) {
    byte[] lock = new byte[0];
    assertThat(disk.processKill().with(FileNames.LOCK, lock).contentHash())
        .isEqualTo(image.with(FileNames.LOCK, lock).contentHash());
    try {
      OpenFiles.requireNone(disk);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
