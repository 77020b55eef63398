package io.minikv.engine.checkpoint;

import io.minikv.domain.InvalidRequestException;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.ManifestFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;

/**
 * A directory that becomes a store, or nothing: from the first moment it holds the file {@value
 * FileNames#INCOMPLETE}, which is durable before any other name and goes after all of them, so that
 * no part of a copy is ever opened. A copy that is closed before it was finished is removed.
 *
 * <p>For one thread.
 */
public final class StoreCopy implements Closeable {

  private static final int CHUNK_LENGTH = 1 << 18;

  private final Path path;
  private final Disk disk;
  private final DirectoryLock lock;
  private int files;
  private long bytes;
  private boolean finished;

  private StoreCopy(Path path, Disk disk, DirectoryLock lock) {
    this.path = path;
    this.disk = disk;
    this.lock = lock;
  }

  /**
   * Begins a copy.
   *
   * @param machine any directory of the machine
   * @param path where to; it must be missing or empty
   * @param what the copy will be, for people
   * @throws InvalidRequestException when the directory is not empty or cannot be made
   */
  public static StoreCopy begin(Disk machine, Path path, String what) throws IOException {
    Disk disk = emptyDirectory(machine, path);
    try (DiskFile marker = disk.create(FileNames.INCOMPLETE)) {
      marker.write(0, ByteBuffer.wrap((what + "\n").getBytes(StandardCharsets.UTF_8)));
      marker.force();
      disk.forceDirectory();
      DirectoryLock lock =
          disk.lock(FileNames.LOCK, "process " + ProcessHandle.current().pid() + ", for a copy");
      return new StoreCopy(path, disk, lock);
    } catch (IOException e) {
      removeAll(disk, e);
      throw e;
    }
  }

  private static Disk emptyDirectory(Disk machine, Path path) throws IOException {
    try {
      return machine.emptyDirectory(path);
    } catch (DirectoryNotEmptyException e) {
      throw new InvalidRequestException(
          path + " is not empty. Choose a directory that is empty, or that does not exist.", e);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidRequestException(
          path + " cannot be used: " + e.getMessage() + ". Choose another directory.", e);
    }
  }

  /** Where files are written that are not copied. Their names are made durable by the end. */
  public Disk disk() {
    return disk;
  }

  /** How many files there are by now, without those that every directory has. */
  public int files() {
    return files;
  }

  /** Their size. */
  public long bytes() {
    return bytes;
  }

  /**
   * Adds a file that will never be changed: by a link, where the file system can and the file has
   * just that length, else by a copy. Its bytes are durable then.
   *
   * @param length how many bytes of it to take
   */
  public void add(Disk source, String name, long length, CopyListener listener) throws IOException {
    if (link(source, name, length)) {
      listener.onCopied(length);
      count(length);
    } else {
      copy(source, name, length, listener);
    }
  }

  /** Counts a file that was written to {@link #disk}. */
  public void count(long length) {
    files++;
    bytes += length;
  }

  private boolean link(Disk source, String name, long length) throws IOException {
    try (DiskFile file = source.open(name, Disk.Access.READ)) {
      if (file.size() != length) {
        return false; // Space behind the end is cut some time, which a link would not survive.
      }
      file.force();
    }
    try {
      source.link(name, path);
      return true;
    } catch (IOException _) {
      if (disk.exists(name)) { // It failed after it was done.
        disk.delete(name);
      }
      return false;
    }
  }

  /** Adds a copy of a file, which is the copy's own. Its bytes are durable then. */
  public void copy(Disk source, String name, long length, CopyListener listener)
      throws IOException {
    try (DiskFile from = source.open(name, Disk.Access.READ);
        DiskFile to = disk.create(name)) {
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_LENGTH, Math.max(1, length)));
      for (long at = 0; at < length; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), length - at));
        from.read(at, chunk);
        if (chunk.hasRemaining()) {
          throw new IOException(name + " ends after " + (at + chunk.position()) + " bytes");
        }
        to.write(at, chunk.flip());
        listener.onCopied(chunk.limit());
      }
      to.force();
    }
    count(length);
  }

  /** Makes it a store: all that was added is durable before the MANIFEST is there. */
  public void finish(Manifest manifest) throws IOException {
    disk.forceDirectory();
    ManifestFile.replace(disk, manifest);
    count(manifest.encode().length);
    lock.close();
    disk.delete(FileNames.INCOMPLETE);
    disk.forceDirectory();
    finished = true;
  }

  /** Removes all of it, unless it was finished. */
  @Override
  public void close() throws IOException {
    if (finished) {
      return;
    }
    finished = true;
    lock.close();
    removeAll(disk);
  }

  private static void removeAll(Disk disk, IOException reason) {
    try {
      removeAll(disk);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * The MANIFEST goes first and the mark last: a copy that could not be removed whole is never
   * opened either.
   */
  private static void removeAll(Disk disk) throws IOException {
    if (disk.exists(FileNames.MANIFEST)) {
      disk.delete(FileNames.MANIFEST);
    }
    for (String name : disk.list()) {
      if (!name.equals(FileNames.INCOMPLETE)) {
        disk.delete(name);
      }
    }
    disk.forceDirectory();
    if (disk.exists(FileNames.INCOMPLETE)) {
      disk.delete(FileNames.INCOMPLETE);
    }
    disk.forceDirectory();
  }

  /** Is told of bytes that were copied; may throw to end the copying. */
  @FunctionalInterface
  public interface CopyListener {

    /** So many more bytes are there. */
    void onCopied(long moreBytes);
  }
}
