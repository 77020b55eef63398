package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.io.WatchedDisk;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a repair makes, and what it leaves when it fails. */
class RepairTargetTest {

  private static final Path SAVED = Path.of("/saved");

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();

  @Test
  void what_was_saved_is_a_closed_store_of_its_own() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image);
    repair(disk);
    SampleStore saved = new SampleStore(disk.sibling(SAVED).processKill());

    assertThat(saved.describe("MANIFEST"))
        .isEqualTo(
            """
            MANIFEST: 164 bytes, format version 1, whole
              store              (id)
              created            2025-01-01T00:00:00Z
              closed in order    yes
              replaced           1 times
              next file number   4
              sequence number    9
              segments           2
                000000001.log  compacted  complete  end 15376  sequence numbers 4 to 9
                000000003.log  log        complete  end 64  sequence numbers 0 to 0
            """);
    assertThat(saved.describe("000000001.log"))
        .startsWith("000000001.log: a segment, 15376 bytes\n");
    assertThat(saved.describe("000000001.log").lines().filter(line -> line.contains(" put ")))
        .extracting(line -> line.replaceAll(".*key (\\S+) .*", "$1"))
        .containsExactly("a", "b", "large", "filler", "more-1", "more-2", "more-3");
    assertThat(saved.image().names())
        .containsExactly("000000001.log", "000000002.val", "000000003.log", "LOCK", "MANIFEST");
    assertThat(saved.storeId()).isNotEqualTo(store.storeId());
  }

  @Test
  void what_was_saved_outlives_a_power_cut() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image);
    repair(disk);

    SimulatedDisk restarted =
        SimulatedDisk.from(
            disk.sibling(SAVED)
                .snapshot()
                .state(DataLoss.ALL, NameLoss.ALL, new Random(1))
                .image());
    try (SegmentedStore saved = Stores.open(restarted)) {
      assertThat(saved.statistics().keys()).isEqualTo(7);
      assertThat(saved.verify(ProgressListener.NONE).damages()).isEmpty();
    }
  }

  @Test
  void much_is_saved_in_several_segments() throws IOException {
    byte[] large = new byte[33 << 20];
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore open =
        SegmentedStore.open(disk, EngineOptions.DEFAULT, EngineThreads.NONE)) {
      for (byte i = 1; i <= 2; i++) {
        large[large.length - 1] = i;
        open.put(Key.of("key-" + i), Value.copyOf(large));
      }
    }
    assertThat(repair(disk).savedEntries()).isEqualTo(2);

    try (SegmentedStore saved = Stores.open(disk.sibling(SAVED))) {
      assertThat(saved.statistics().segments()).hasSize(3); // One of them to go on with.
      for (byte i = 1; i <= 2; i++) {
        large[large.length - 1] = i;
        assertThat(saved.get(Key.of("key-" + i)).orElseThrow().value())
            .isEqualTo(Value.wrap(large));
      }
    }
  }

  @Test
  void a_repair_leaves_no_file_open(@TempDir Path directory) throws IOException {
    Path source = Files.createDirectory(directory.resolve("source"));
    for (String name : image.names()) {
      Files.write(source.resolve(name), image.bytes(name));
    }
    AtomicInteger operations = new AtomicInteger();
    boolean failed = true;
    for (int nth = 3; failed; nth += 19) {
      int fatal = nth;
      operations.set(0);
      Disk disk =
          new WatchedDisk(
              NioDisk.openToRead(source),
              type -> {
                if (operations.incrementAndGet() == fatal) {
                  throw new IOException("broken");
                }
              },
              false);
      Path target = directory.resolve("target-" + nth);
      try {
        SegmentedStoreTools.repair(disk, target, new MutableClock(), ProgressListener.NONE);
        failed = false;
      } catch (IOException | InvalidRequestException _) {
        // The next failure comes later.
      }
      assertThat(OpenFiles.below(directory)).as("after failure " + nth).isEmpty();
    }
    assertThat(operations).hasValueGreaterThan(10);
  }

  // ---- when the disk fails

  @Test
  void a_repair_that_fails_leaves_nothing_and_holds_nothing() throws IOException {
    int failures = 0;
    for (int nth = 1; nth < 200; nth += 3) {
      SimulatedDisk disk = SimulatedDisk.from(image);
      disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, nth));
      try {
        repair(disk);
      } catch (IOException e) {
        failures++;
        assertThat(disk.sibling(SAVED).list()).as("after failure " + nth).isEmpty();
      }
      disk.heal();
      try (DirectoryLock lock = disk.lock("LOCK", "test")) {
        assertThat(lock).as("after failure " + nth).isNotNull();
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  private static RepairReport repair(SimulatedDisk disk) throws IOException {
    return SegmentedStoreTools.repair(disk, SAVED, new MutableClock(), ProgressListener.NONE);
  }
}
