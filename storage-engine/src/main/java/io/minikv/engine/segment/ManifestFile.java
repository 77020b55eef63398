package io.minikv.engine.segment;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads and replaces the MANIFEST of a directory. */
public final class ManifestFile {

  /** More than any MANIFEST: 10 million segments. */
  private static final long GREATEST_LENGTH = 400L << 20;

  private ManifestFile() {}

  /**
   * Reads the MANIFEST.
   *
   * @throws FormatException when it is damaged, of a newer version, or no MANIFEST
   */
  public static Manifest read(Disk disk) throws IOException, FormatException {
    return read(disk, FileNames.MANIFEST);
  }

  /** Reads a MANIFEST of another name, as {@link #read(Disk)}. */
  public static Manifest read(Disk disk, String name) throws IOException, FormatException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      long size = file.size();
      if (size > GREATEST_LENGTH) {
        throw new FormatException(
            FormatException.Kind.DAMAGED, "is too long, with " + size + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      file.read(0, bytes);
      return Manifest.decode(bytes.array());
    }
  }

  /**
   * Puts a new MANIFEST in place of the old one. Durable when it returns. When it fails, either of
   * the two may be in place, now and after a crash; but with {@link
   * io.minikv.engine.io.DiskFullException} it is the old one.
   */
  public static void replace(Disk disk, Manifest manifest) throws IOException {
    if (disk.exists(FileNames.MANIFEST_TEMPORARY)) {
      disk.delete(FileNames.MANIFEST_TEMPORARY);
    }
    try (DiskFile file = disk.create(FileNames.MANIFEST_TEMPORARY)) {
      file.write(0, ByteBuffer.wrap(manifest.encode()));
      file.force();
    }
    disk.rename(FileNames.MANIFEST_TEMPORARY, FileNames.MANIFEST);
    disk.forceDirectory();
  }
}
