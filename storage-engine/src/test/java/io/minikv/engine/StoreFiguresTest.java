package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether the statistics tell what is on the disk, and what filters spared. */
class StoreFiguresTest {

  private static final int KEYS = 3_000;
  private static final String VALUE = "v".repeat(100);

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void disk_bytes_are_those_of_segments_key_files_and_the_index_snapshot() throws IOException {
    try (SegmentedStore store = open()) {
      put(store);
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
      store.snapshot();
      assertThat(disk.list()).anyMatch(FileNames::isSnapshot);
      assertThat(disk.list()).anyMatch(name -> FileNames.keysNumber(name).isPresent());
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
    }
    try (SegmentedStore store = open()) {
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
      store.compact(ProgressListener.NONE);
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
    }
  }

  @Test
  void filters_that_let_a_tombstone_go_count_as_hits() {
    try (SegmentedStore store = open()) {
      put(store);
      assertThat(store.statistics().filters()).isEqualTo(FilterStatistics.NONE);
      for (int i = 0; i < KEYS; i += 2) {
        store.delete(Key.of("key-" + i));
      }
      store.compact(ProgressListener.NONE);
      FilterStatistics filters = store.statistics().filters();
      assertThat(filters.checks()).isPositive();
      assertThat(filters.hits()).isBetween(1L, filters.checks());
    }
  }

  private SegmentedStore open() {
    return SegmentedStore.open(disk, Stores.SMALL_SEGMENTS, EngineThreads.NONE);
  }

  private static void put(SegmentedStore store) {
    for (int i = 0; i < KEYS; i++) {
      Stores.put(store, "key-" + i, VALUE);
    }
  }

  private long bytesOfFiles() throws IOException {
    long bytes = 0;
    for (String name : disk.list()) {
      if (!Set.of(FileNames.LOCK, FileNames.MANIFEST).contains(name)) {
        try (DiskFile file = disk.open(name, Disk.Access.READ)) {
          bytes += file.size();
        }
      }
    }
    return bytes;
  }
}
