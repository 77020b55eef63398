package io.minikv.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/** An open file of a {@link SimulatedDisk}. */
final class SimulatedFile implements DiskFile {

  private final SimulatedDisk disk;
  private final SimulatedInode inode;
  private final String name;
  private final Disk.Access access;
  private boolean closed;

  SimulatedFile(SimulatedDisk disk, SimulatedInode inode, String name, Disk.Access access) {
    this.disk = disk;
    this.inode = inode;
    this.name = name;
    this.access = access;
    inode.opened();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    return disk.perform(
        OperationType.SIZE,
        name,
        0,
        0,
        (order, extent) -> {
          requireOpen();
          return inode.size();
        });
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    requireNotNegative(position);
    byte[] bytes = new byte[target.remaining()];
    int count =
        disk.perform(
            OperationType.READ,
            name,
            position,
            bytes.length,
            (order, extent) -> {
              requireOpen();
              return inode.read(position, bytes, 0, bytes.length);
            });
    target.put(bytes, 0, count);
    return count;
  }

  @Override
  public void write(long position, ByteBuffer source) throws IOException {
    requireNotNegative(position);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    disk.perform(
        OperationType.WRITE,
        name,
        position,
        bytes.length,
        (order, extent) -> {
          requireWritable();
          if (position > inode.size()) {
            throw new IllegalArgumentException(
                "a write at " + position + " of " + name + " leaves a hole after " + inode.size());
          }
          long length = disk.fitting(inode, position, extent.of(bytes.length));
          if (length > 0) {
            inode.write(order, position, Arrays.copyOf(bytes, (int) length));
          }
          disk.requireFitted(length, extent.of(bytes.length));
          return null;
        });
  }

  @Override
  public void allocate(long size, Pieces pieces) throws IOException {
    requireNotNegative(size);
    disk.perform(
        OperationType.ALLOCATE,
        name,
        0,
        size,
        (order, extent) -> {
          requireWritable();
          long start = inode.size();
          long wanted = extent.of(Math.max(0, size - start));
          long length = disk.fitting(inode, start, wanted);
          inode.grow(order, start + length);
          disk.requireFitted(length, wanted);
          return null;
        });
  }

  @Override
  public void truncate(long size) throws IOException {
    requireNotNegative(size);
    disk.perform(
        OperationType.TRUNCATE,
        name,
        0,
        size,
        (order, extent) -> {
          requireWritable();
          if (extent == DiskFault.Extent.ALL) {
            inode.truncate(order, size);
          }
          return null;
        });
  }

  @Override
  public void force() throws IOException {
    disk.perform(
        OperationType.FORCE,
        name,
        0,
        0,
        (order, extent) -> {
          requireOpen();
          inode.force(extent);
          return null;
        });
  }

  @Override
  public Mapping map(long size, Disk.Access mapAccess) throws IOException {
    requireNotNegative(size);
    return disk.perform(
        OperationType.MAP,
        name,
        0,
        size,
        (order, extent) -> {
          requireOpen();
          if (mapAccess == Disk.Access.READ_WRITE) {
            requireWritable();
          }
          if (size > inode.size()) {
            throw new IOException("cannot map " + size + " of the " + inode.size() + " bytes");
          }
          disk.requireNamed(inode, name);
          return new SimulatedMapping(disk, inode, name, size, mapAccess);
        });
  }

  @Override
  public void close() {
    synchronized (disk.monitor()) {
      if (!closed) {
        closed = true;
        inode.closed();
        disk.reclaim();
      }
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private void requireWritable() throws IOException {
    requireOpen();
    if (access == Disk.Access.READ) {
      throw new IOException(name + " is open for reading only");
    }
  }

  private static void requireNotNegative(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
  }
}
