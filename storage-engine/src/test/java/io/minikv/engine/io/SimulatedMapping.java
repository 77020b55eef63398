package io.minikv.engine.io;

import java.io.IOException;
import java.util.Objects;

/** A mapping of a simulated file. Every store is an operation, and pending until it is forced. */
final class SimulatedMapping implements Mapping {

  private final SimulatedDisk disk;
  private final SimulatedInode inode;
  private final String name;
  private final long size;
  private final Disk.Access access;
  private boolean closed;

  SimulatedMapping(
      SimulatedDisk disk, SimulatedInode inode, String name, long size, Disk.Access access) {
    this.disk = disk;
    this.inode = inode;
    this.name = name;
    this.size = size;
    this.access = access;
    inode.opened();
    if (access == Disk.Access.READ_WRITE) {
      inode.mappedForWriting(size);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    disk.perform(
        OperationType.MAPPED_READ,
        name,
        position,
        length,
        (order, extent) -> {
          requireMapped(position, length);
          return inode.read(position, target, offset, length);
        });
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (access == Disk.Access.READ) {
      throw new IOException(name + " is mapped for reading only");
    }
    if (!disk.hasSafeMappedStores()) {
      throw new IllegalStateException("a mapped store, though they are not safe on this disk");
    }
    byte[] bytes = new byte[length];
    System.arraycopy(source, offset, bytes, 0, length);
    disk.perform(
        OperationType.MAPPED_STORE,
        name,
        position,
        length,
        (order, extent) -> {
          requireMapped(position, length);
          inode.store(order, position, bytes);
          return null;
        });
  }

  @Override
  public void force(long position, long length) throws IOException {
    disk.perform(
        OperationType.MAPPED_FORCE,
        name,
        position,
        length,
        (order, extent) -> {
          requireMapped(position, length);
          inode.force(position, length, extent);
          return null;
        });
  }

  private void requireMapped(long position, long length) throws IOException {
    if (closed) {
      throw new MappingClosedException(name);
    }
    Objects.checkFromIndexSize(position, length, size);
    if (position + length > inode.size()) {
      throw new IOException(name + " is shorter than when it was mapped");
    }
  }

  @Override
  public void close() {
    synchronized (disk.monitor()) {
      if (!closed) {
        closed = true;
        inode.closed();
        if (access == Disk.Access.READ_WRITE) {
          inode.unmappedForWriting();
        }
        disk.reclaim();
      }
    }
  }
}
