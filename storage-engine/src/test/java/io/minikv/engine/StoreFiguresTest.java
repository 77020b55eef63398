package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
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

  @Test
  void a_value_file_counts_for_the_segment_of_its_record_as_long_as_it_is_there()
      throws IOException {
    EngineOptions options = Stores.SMALL_SEGMENTS.withLongestLoggedBytes(0);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      SegmentStatistics empty = onlySegment(store);
      stream(store, "key-1");
      stream(store, "key-2");
      SegmentStatistics live = onlySegment(store);
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
      long fileBytes = bytesOfValueFiles() / 2;
      assertThat(fileBytes).isGreaterThan(1_000);
      assertThat(live.sizeBytes() - empty.sizeBytes() - 2 * fileBytes).isBetween(100L, 200L);
      assertThat(live.liveBytes() - 2 * fileBytes).isBetween(80L, 160L);

      store.delete(Key.of("key-1"));

      SegmentStatistics dead = onlySegment(store);
      assertThat(dead.sizeBytes() - live.sizeBytes()).isBetween(1L, 100L);
      assertThat(dead.liveBytes()).isEqualTo(live.liveBytes() / 2);
      assertThat(store.statistics().diskBytes()).isEqualTo(bytesOfFiles());
    }
  }

  private static SegmentStatistics onlySegment(SegmentedStore store) {
    assertThat(store.statistics().segments()).hasSize(1);
    return store.statistics().segments().getFirst();
  }

  private static void stream(SegmentedStore store, String key) {
    try (ValueWriter writer =
        store.openWriter(Key.of(key), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(ByteBuffer.allocate(1_000));
      writer.commit(Durability.OS);
    }
  }

  private long bytesOfValueFiles() {
    DiskImage image = disk.processKill();
    return image.names().stream()
        .filter(name -> FileNames.valueNumber(name).isPresent())
        .mapToLong(name -> image.bytes(name).length)
        .sum();
  }

  @Test
  void the_segment_that_is_written_to_is_active() {
    try (SegmentedStore store = open()) {
      for (int i = 0; i < 100; i++) {
        Stores.put(store, "key-" + i, VALUE);
      }
      List<SegmentStatistics> segments = store.statistics().segments();
      assertThat(segments).hasSizeGreaterThan(2);
      assertThat(segments.getLast().active()).isTrue();
      assertThat(segments.subList(0, segments.size() - 1)).noneMatch(SegmentStatistics::active);
    }
  }

  @Test
  void a_full_disk_is_told_until_there_is_space_again() {
    SimulatedDisk small = new SimulatedDisk(new SimulatedDisk.Properties(100_000, true));
    try (SegmentedStore store =
        SegmentedStore.open(small, Stores.SMALL_SEGMENTS, EngineThreads.NONE)) {
      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(() -> put(store))
          .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason);
      assertThat(store.health())
          .isEqualTo(
              new StoreHealth(
                  true,
                  false,
                  List.of("The disk is full; writes go on when there is space again.")));

      small.setCapacity(1_000_000);
      Stores.put(store, "key", VALUE);
      assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
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
