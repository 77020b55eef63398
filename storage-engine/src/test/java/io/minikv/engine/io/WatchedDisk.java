package io.minikv.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk that tells of each operation that changes it, just before it is done, in the thread that
 * does it. Other threads may be in the middle of operations at that moment.
 *
 * @param disk does the work
 * @param watch is told
 * @param forces whether forces are done; a test that cuts no power is faster without
 */
public record WatchedDisk(Disk disk, Watch watch, boolean forces) implements Disk {

  /** Is told. */
  @FunctionalInterface
  public interface Watch {

    /** Called before an operation of that type. What is thrown here fails it; it is not done. */
    void before(OperationType type) throws IOException;

    /** Called instead before space is allocated. */
    default void beforeAllocation(DiskFile.Pieces pieces) throws IOException {
      before(OperationType.ALLOCATE);
    }
  }

  @Override
  public String describe() {
    return disk.describe();
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public List<String> directories() throws IOException {
    return disk.directories();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return disk.exists(name);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    watch.before(OperationType.CREATE);
    return new WatchedFile(disk.create(name), watch, forces);
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    return new WatchedFile(disk.open(name, access), watch, forces);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    watch.before(OperationType.RENAME);
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    watch.before(OperationType.DELETE);
    disk.delete(name);
  }

  @Override
  public void link(String name, Path otherDirectory) throws IOException {
    watch.before(OperationType.LINK);
    disk.link(name, otherDirectory);
  }

  @Override
  public Disk emptyDirectory(Path directory) throws IOException {
    watch.before(OperationType.CREATE_DIRECTORY);
    return new WatchedDisk(disk.emptyDirectory(directory), watch, forces);
  }

  @Override
  public void forceDirectory() throws IOException {
    watch.before(OperationType.FORCE_DIRECTORY);
    if (forces) {
      disk.forceDirectory();
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return disk.freeBytes();
  }

  @Override
  public boolean hasSafeMappedStores() {
    return disk.hasSafeMappedStores();
  }

  @Override
  public DirectoryLock lock(String name, String holder) throws IOException {
    watch.before(OperationType.LOCK);
    return disk.lock(name, holder);
  }

  private record WatchedFile(DiskFile file, Watch watch, boolean forces) implements DiskFile {

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      return file.read(position, target);
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      watch.before(OperationType.WRITE);
      file.write(position, source);
    }

    @Override
    public void allocate(long size, Pieces pieces) throws IOException {
      watch.beforeAllocation(pieces);
      file.allocate(size, pieces);
    }

    @Override
    public void truncate(long size) throws IOException {
      watch.before(OperationType.TRUNCATE);
      file.truncate(size);
    }

    @Override
    public void force() throws IOException {
      watch.before(OperationType.FORCE);
      if (forces) {
        file.force();
      }
    }

    @Override
    public Mapping map(long size, Access access) throws IOException {
      return new WatchedMapping(file.map(size, access), watch, forces);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private record WatchedMapping(Mapping mapping, Watch watch, boolean forces) implements Mapping {

    @Override
    public long size() {
      return mapping.size();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      mapping.read(position, target, offset, length);
    }

    @Override
    public int touch(long[] positions, int[] lengths, int count) {
      return mapping.touch(positions, lengths, count);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      watch.before(OperationType.MAPPED_STORE);
      mapping.write(position, source, offset, length);
    }

    @Override
    public void force(long position, long length) throws IOException {
      watch.before(OperationType.MAPPED_FORCE);
      if (forces) {
        mapping.force(position, length);
      }
    }

    @Override
    public void close() {
      mapping.close();
    }
  }
}
