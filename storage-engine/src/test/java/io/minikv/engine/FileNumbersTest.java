package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A store that comes to the end of its file numbers, as a damaged MANIFEST may make it. */
class FileNumbersTest {

  private static final Path SAVED = Path.of("/saved");

  @Test
  void a_store_without_file_numbers_is_not_opened_and_a_repair_saves_it()
      throws IOException, FormatException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = open(disk)) {
      put(store, "key", "value");
    }
    Manifest manifest = Manifest.decode(disk.processKill().bytes(FileNames.MANIFEST));
    byte[] usedUp = withNextFileNumber(manifest, Location.MAX_FILE_NUMBER).encode();
    SimulatedDisk damaged = SimulatedDisk.from(disk.processKill().with(FileNames.MANIFEST, usedUp));

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> open(damaged))
        .withMessageContaining("MANIFEST has used up the file numbers: the next one is 2147483647")
        .withMessageContaining("repair");
    SegmentedStoreTools.repair(damaged, SAVED, new MutableClock(), ProgressListener.NONE);
    try (SegmentedStore saved = open(damaged.sibling(SAVED))) {
      assertThat(text(saved, "key")).contains("value");
      put(saved, "key", "another");
    }
  }

  @Test
  void a_store_is_opened_as_long_as_enough_numbers_are_left() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    open(disk).close();
    Manifest manifest = Manifest.decode(disk.processKill().bytes(FileNames.MANIFEST));
    long last = Location.MAX_FILE_NUMBER - (1 << 24);

    SimulatedDisk opened =
        SimulatedDisk.from(
            disk.processKill()
                .with(FileNames.MANIFEST, withNextFileNumber(manifest, last).encode())
                .with(FileNames.segment(last), new byte[0]));
    open(opened).close();

    SimulatedDisk refused =
        SimulatedDisk.from(
            disk.processKill()
                .with(FileNames.MANIFEST, withNextFileNumber(manifest, last + 1).encode()));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> open(refused));
  }

  @Test
  void when_they_run_out_none_is_handed_out_and_nothing_is_written() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    open(disk).close();
    byte[] before = disk.processKill().bytes(FileNames.MANIFEST);
    Manifest manifest = Manifest.decode(before);
    SegmentDirectory directory =
        new SegmentDirectory(
            disk,
            new MutableClock(),
            1 << 20,
            withNextFileNumber(manifest, Location.MAX_FILE_NUMBER + 1),
            Location.MAX_FILE_NUMBER,
            manifest::sequence);

    assertThat(directory.takeFileNumber()).isEqualTo(Location.MAX_FILE_NUMBER);
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(directory::takeFileNumber);
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(directory::createLogSegment);
    assertThat(disk.processKill().bytes(FileNames.MANIFEST)).isEqualTo(before);
  }

  private static SegmentedStore open(SimulatedDisk disk) {
    return SegmentedStore.open(disk, Stores.SMALL_SEGMENTS, EngineThreads.NONE);
  }

  private static Manifest withNextFileNumber(Manifest manifest, long next) {
    return new Manifest(
        manifest.store(),
        manifest.generation(),
        manifest.hashSeed(),
        manifest.createdAtMillis(),
        next,
        manifest.closed(),
        manifest.sequence(),
        manifest.segments());
  }
}
