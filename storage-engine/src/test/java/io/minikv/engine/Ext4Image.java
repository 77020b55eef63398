package io.minikv.engine;

import io.minikv.engine.io.PowerSwitch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real ext4 in an image file, whose power can be cut: what was not forced is lost, as far as the
 * kernel had not written it by itself.
 */
final class Ext4Image implements AutoCloseable {

  /** The image is sparse: it takes what is written to it. */
  private static final long IMAGE_BYTES = 128L << 20;

  private final Path image;
  private final Path place;
  private Mount mount;

  private Ext4Image(Path image, Path place, Mount mount) {
    this.image = image;
    this.place = place;
    this.mount = mount;
  }

  /** Makes one in an empty folder and mounts it, as far as this user may: see {@link #problem}. */
  static Ext4Image create(Path folder) throws IOException, InterruptedException {
    Path image = folder.resolve("image");
    Path place = Files.createDirectory(folder.resolve("mounted"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    return new Ext4Image(image, place, Mount.newExt4(image, place));
  }

  /** Why there is none; empty when there is. */
  String problem() {
    return mount.problem();
  }

  /** Where it is mounted. */
  Path place() {
    return place;
  }

  /** From now on everything fails that reaches for the disk, until {@link #powerUp}. */
  void cutPower() {
    PowerSwitch.cut(place);
  }

  /**
   * Mounts it anew, as a machine does that gets power again.
   *
   * @param options of the mount
   * @throws IOException when anything is still open there, or it cannot be mounted
   */
  void powerUp(String options) throws IOException, InterruptedException {
    mount.unmount();
    mount = Mount.ext4(image, place, options);
    if (!mount.problem().isEmpty()) {
      throw new IOException(mount.problem());
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    mount.close();
  }
}
