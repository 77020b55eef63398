package io.minikv.engine.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Disk}. Thread-safe; reads and writes at different places run at the same
 * time.
 */
public interface DiskFile extends Closeable {

  /**
   * In which pieces the system should hold what is allocated in its memory; they begin at multiples
   * of their size. A thread that stores to one for the first time waits for the system once, and
   * one entry of the processor's tables leads to all of it; but a force writes it as a whole.
   */
  enum Pieces {
    /** For what is forced often, in small parts. */
    SMALL(16 << 10),
    /** For what is forced in large parts: as much as one entry of a page table may cover. */
    LARGE(2 << 20);

    private final int bytes;

    Pieces(int bytes) {
      this.bytes = bytes;
    }

    /** The size of one. */
    public int bytes() {
      return bytes;
    }
  }

  /** Its name in the directory, as of opening. */
  String name();

  /** Its size in bytes. */
  long size() throws IOException;

  /**
   * Reads into {@code target} until it is full or the file ends.
   *
   * @param position where to begin, in bytes from the start of the file
   * @return how many bytes were read; 0 at the end of the file
   */
  int read(long position, ByteBuffer target) throws IOException;

  /**
   * Writes all of {@code source}, making the file longer where it ends before. When it fails, any
   * part may have been written.
   *
   * @param position where to begin, in bytes from the start of the file; at most the size
   */
  void write(long position, ByteBuffer source) throws IOException;

  /**
   * Makes the file at least so long; what is new reads as zeros and has its space on the disk, so
   * that writing there cannot fail for lack of it. When it fails, the file may have become longer
   * by any part.
   */
  void allocate(long size, Pieces pieces) throws IOException;

  /** Makes the file shorter. Nothing beyond may be mapped for writing. */
  void truncate(long size) throws IOException;

  /** Makes all bytes written so far, through mappings too, and the size durable. */
  void force() throws IOException;

  /**
   * Maps the first {@code size} bytes, which must exist, and be allocated when they are to be
   * written.
   */
  Mapping map(long size, Disk.Access access) throws IOException;

  /** Closes the file; its mappings stay. */
  @Override
  void close() throws IOException;
}
