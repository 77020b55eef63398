package io.minikv.engine.snapshot;

import static io.minikv.engine.snapshot.WrittenSnapshot.covered;
import static io.minikv.engine.snapshot.WrittenSnapshot.header;
import static io.minikv.engine.snapshot.WrittenSnapshot.location;
import static io.minikv.engine.snapshot.WrittenSnapshot.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How an index snapshot gets to the disk. */
class SnapshotWriterTest {

  private static final String TEMPORARY = "INDEX-00000000000000000034.tmp";

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void a_finished_one_outlives_a_power_cut_whole() throws Exception {
    long[] pairs = pairs(new Random(7).longs(5_000));
    SnapshotHeader header = header(34, 5_000, 1);
    try (SnapshotWriter writer = SnapshotWriter.create(disk, header, List.of(covered(4, pairs)))) {
      writer.add(pairs, 5_000);
      writer.finish();
      disk.forceDirectory();

      assertThat(writer.length()).isEqualTo(header.fileLength());
    }
    byte[] bytes = afterPowerCut().bytes(TEMPORARY);
    assertThat(bytes).hasSize((int) header.fileLength());
    assertThat(bytes).isEqualTo(disk.processKill().bytes(TEMPORARY));
  }

  private DiskImage afterPowerCut() {
    return disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image();
  }

  @Test
  void begins_with_its_header_and_what_it_says_of_segments() throws Exception {
    SnapshotHeader header = header(34, 0, 1);
    List<SnapshotSegment> segments = List.of(new SnapshotSegment(4, 3_552, 800, 500, 1, 20));
    try (SnapshotWriter writer = SnapshotWriter.create(disk, header, segments)) {
      writer.finish();
    }
    byte[] bytes = disk.processKill().bytes(TEMPORARY);
    assertThat(SnapshotHeader.decode(bytes, bytes.length)).isEqualTo(header);
    assertThat(bytes)
        .startsWith(header.encode())
        .endsWith(SnapshotSegment.encode(segments, header.identity(), SnapshotHeader.LENGTH));
  }

  @Test
  void a_block_is_written_as_soon_as_it_is_full() throws Exception {
    long[] pairs = pairs(new Random(7).longs(SnapshotBlock.ENTRIES));
    SnapshotHeader header = header(34, 5_000, 1);
    try (SnapshotWriter writer = SnapshotWriter.create(disk, header, List.of(covered(4, pairs)))) {
      assertThat(writer.length()).isEqualTo(header.blocksAt());
      writer.add(pairs, SnapshotBlock.ENTRIES - 1);
      assertThat(writer.length()).isEqualTo(header.blocksAt());
      writer.add(pairs, 1);
      assertThat(writer.length()).isEqualTo(header.blocksAt() + SnapshotBlock.LENGTH);
    }
  }

  @Test
  void one_with_more_or_fewer_entries_than_its_header_tells_is_never_finished() throws Exception {
    long[] pairs = pairs(new Random(7).longs(10));
    for (int told : new int[] {9, 11}) {
      try (SnapshotWriter writer =
          SnapshotWriter.create(disk, header(34, told, 1), List.of(covered(4, pairs)))) {
        writer.add(pairs, 10);

        assertThatExceptionOfType(IllegalStateException.class)
            .isThrownBy(writer::finish)
            .withMessage("the copy of the index has 10 entries, not " + told);
      }
    }
  }

  @Test
  void what_a_crash_left_of_an_earlier_one_is_replaced() throws Exception {
    try (DiskFile left = disk.create(TEMPORARY)) {
      left.write(0, ByteBuffer.allocate(100_000));
    }
    SnapshotHeader header = header(34, 1, 1);
    long[] pairs = {5, location(0)};
    try (SnapshotWriter writer = SnapshotWriter.create(disk, header, List.of(covered(4, pairs)))) {
      writer.add(pairs, 1);
      writer.finish();
    }
    assertThat(disk.processKill().bytes(TEMPORARY)).hasSize((int) header.fileLength());
    OpenFiles.requireNone(disk);
  }

  @Test
  void a_file_whose_beginning_cannot_be_written_is_closed() throws Exception {
    disk.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            if (operation.type() == OperationType.CREATE) {
              disk.setCapacity(10);
            }
          }
        });

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> SnapshotWriter.create(disk, header(34, 0, 0), List.of()));
    disk.listen(DiskListener.NONE);
    OpenFiles.requireNone(disk);
  }
}
