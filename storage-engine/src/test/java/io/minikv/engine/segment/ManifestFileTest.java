package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestFileTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Manifest first = Manifests.first();
  private final Manifest second =
      new Manifest(Records.STORE, 1, 2, 3, 4, false, 5, List.of(SegmentEntry.open(1)));

  @Test
  void the_one_that_was_put_in_place_last_is_read() throws Exception {
    ManifestFile.replace(disk, first);
    assertThat(ManifestFile.read(disk)).isEqualTo(first);

    ManifestFile.replace(disk, second);
    assertThat(ManifestFile.read(disk)).isEqualTo(second);
    assertThat(ManifestFile.read(disk, FileNames.MANIFEST)).isEqualTo(second);
    assertThat(disk.list()).containsExactly(FileNames.MANIFEST);
  }

  @Test
  void it_is_durable_when_it_is_in_place() throws Exception {
    ManifestFile.replace(disk, first);
    ManifestFile.replace(disk, second);

    assertThat(ManifestFile.read(afterPowerCut())).isEqualTo(second);
  }

  @Test
  void what_is_left_of_an_earlier_attempt_is_in_nobodys_way() throws Exception {
    ManifestFile.replace(disk, first);
    try (DiskFile file = disk.create(FileNames.MANIFEST_TEMPORARY)) {
      file.write(0, ByteBuffer.wrap(new byte[10_000]));
    }

    ManifestFile.replace(disk, second);

    assertThat(ManifestFile.read(disk)).isEqualTo(second);
  }

  @Test
  void on_a_full_disk_the_old_one_stays() throws Exception {
    ManifestFile.replace(disk, first);
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL_SHORT_WRITE, 1));

    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> ManifestFile.replace(disk, second));

    assertThat(ManifestFile.read(disk)).isEqualTo(first);
  }

  @Test
  void files_are_given_back_whether_it_is_read_or_not() throws Exception {
    disk.setCapacity(1 << 20);
    ManifestFile.replace(disk, first);
    ManifestFile.read(disk);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 2)); // Behind the opening.
    assertThatIOException().isThrownBy(() -> ManifestFile.read(disk));

    disk.delete(FileNames.MANIFEST);

    assertThat(disk.freeBytes()).isEqualTo(1 << 20);
  }

  @Test
  void a_file_that_is_longer_than_any_is_not_read() throws IOException {
    try (DiskFile file = disk.create(FileNames.MANIFEST)) {
      file.allocate((400L << 20) + 1, DiskFile.Pieces.SMALL);
    }

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> ManifestFile.read(disk))
        .returns(FormatException.Kind.DAMAGED, FormatException::kind)
        .withMessage("is too long, with 419430401 bytes");
  }

  @Test
  void a_directory_without_one_is_told() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> ManifestFile.read(disk))
        .withMessage(FileNames.MANIFEST);
  }

  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
  }
}
