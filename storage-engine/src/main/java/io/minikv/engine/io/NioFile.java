package io.minikv.engine.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A file of a {@link NioDisk}. */
final class NioFile implements DiskFile {

  /** Written in pieces of this size; never written to. */
  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(Pieces.LARGE.bytes()).asReadOnlyBuffer();

  private final NioOpenFiles openFiles;
  private final FileStore store;
  private final String name;
  private final Disk.Access access;
  private final UninterruptibleChannel channel;

  /**
   * Writers share it; whoever changes the size otherwise has it alone, so that zeros never
   * overwrite data.
   */
  private final ReentrantReadWriteLock sizing = new ReentrantReadWriteLock();

  private volatile boolean closed;

  NioFile(
      NioOpenFiles openFiles,
      FileStore store,
      String name,
      Disk.Access access,
      UninterruptibleChannel channel) {
    this.openFiles = openFiles;
    this.store = store;
    this.name = name;
    this.access = access;
    this.channel = channel;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    return channel.read(position, target);
  }

  @Override
  public void write(long position, ByteBuffer source) throws IOException {
    requireWritable();
    sizing.readLock().lock();
    try {
      channel.write(position, source);
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    } finally {
      sizing.readLock().unlock();
    }
  }

  @Override
  public void allocate(long size, Pieces pieces) throws IOException {
    requireWritable();
    sizing.writeLock().lock();
    try {
      appendZeros(size, pieces.bytes());
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    } finally {
      sizing.writeLock().unlock();
    }
  }

  /** One write a piece: what is written at once is kept together. */
  private void appendZeros(long size, int pieceBytes) throws IOException {
    long at = channel.size();
    while (at < size) {
      int length = (int) Math.min(pieceBytes - at % pieceBytes, size - at);
      channel.write(at, ZEROS.slice(0, length));
      at += length;
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    requireWritable();
    sizing.writeLock().lock();
    try {
      channel.truncate(size);
    } finally {
      sizing.writeLock().unlock();
    }
  }

  @Override
  public void force() throws IOException {
    try {
      channel.forceData();
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    }
  }

  @Override
  public Mapping map(long size, Disk.Access mapAccess) throws IOException {
    if (mapAccess == Disk.Access.READ_WRITE) {
      requireWritable();
    }
    // Mapping more than there is would make the file longer, with a hole.
    long existing = size();
    if (size > existing) {
      throw new IOException(
          "cannot map " + size + " bytes of " + name + ", which has only " + existing);
    }
    return openFiles.withPathOf(this, path -> map(path, size, mapAccess));
  }

  /** Maps through a channel of its own, so that an interrupt closes that one only. */
  private Mapping map(Path path, long size, Disk.Access mapAccess) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return mapOnce(path, size, mapAccess);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // the mapping closes the arena
  private Mapping mapOnce(Path path, long size, Disk.Access mapAccess) throws IOException {
    boolean writes = mapAccess == Disk.Access.READ_WRITE;
    Set<StandardOpenOption> options =
        writes
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(StandardOpenOption.READ);
    FileChannel.MapMode mode =
        writes ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY;
    Arena arena = Arena.ofShared();
    boolean mapped = false;
    try (FileChannel transientChannel = FileChannel.open(path, options)) {
      MemorySegment segment = transientChannel.map(mode, 0, size, arena);
      mapped = true;
      return new NioMapping(name, segment, arena);
    } finally {
      if (!mapped) {
        arena.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    openFiles.forget(this);
    channel.close();
  }

  /** For a file that another one took the place of, or that was deleted. */
  NoSuchFileException nameless() {
    return new NoSuchFileException(name, null, "was deleted or replaced and cannot be mapped");
  }

  private void requireWritable() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (access == Disk.Access.READ) {
      throw new IOException(name + " is open for reading only");
    }
  }
}
