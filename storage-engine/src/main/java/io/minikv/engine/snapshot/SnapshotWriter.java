package io.minikv.engine.snapshot;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Writes an index snapshot to its temporary name. For one thread. */
final class SnapshotWriter implements Closeable {

  private final SnapshotHeader header;
  private final DiskFile file;
  private final long[] pairs = new long[2 * SnapshotBlock.ENTRIES];
  private final byte[] block = new byte[SnapshotBlock.LENGTH];
  private int pending;
  private long entries;
  private long position;

  private SnapshotWriter(SnapshotHeader header, DiskFile file) {
    this.header = header;
    this.file = file;
  }

  /** Creates the file, in place of one that a crash may have left. */
  static SnapshotWriter create(Disk disk, SnapshotHeader header, List<SnapshotSegment> segments)
      throws IOException {
    String name = FileNames.snapshotTemporary(header.sequence());
    if (disk.exists(name)) {
      disk.delete(name);
    }
    SnapshotWriter writer = new SnapshotWriter(header, disk.create(name));
    try {
      byte[] list = SnapshotSegment.encode(segments, header.identity(), SnapshotHeader.LENGTH);
      byte[] start = Arrays.copyOf(header.encode(), SnapshotHeader.LENGTH + list.length);
      System.arraycopy(list, 0, start, SnapshotHeader.LENGTH, list.length);
      writer.write(start, start.length);
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  private void write(byte[] bytes, int length) throws IOException {
    file.write(position, ByteBuffer.wrap(bytes, 0, length));
    position += length;
  }

  /**
   * Adds entries whose hashes are not smaller than those added before.
   *
   * @param added hash and location of each in turn
   */
  void add(long[] added, int count) throws IOException {
    for (int from = 0; from < count; ) {
      int length = Math.min(count - from, SnapshotBlock.ENTRIES - pending);
      System.arraycopy(added, 2 * from, pairs, 2 * pending, 2 * length);
      pending += length;
      from += length;
      if (pending == SnapshotBlock.ENTRIES) {
        writeBlock();
      }
    }
  }

  private void writeBlock() throws IOException {
    SnapshotBlock.encode(pairs, pending, block, header.identity(), position);
    write(block, SnapshotBlock.length(pending));
    entries += pending;
    pending = 0;
  }

  /** Writes what is left, and makes all of it durable. */
  void finish() throws IOException {
    if (pending > 0) {
      writeBlock();
    }
    if (entries != header.keys()) {
      throw new IllegalStateException(
          "the copy of the index has " + entries + " entries, not " + header.keys());
    }
    file.force();
  }

  /** How many bytes were written. */
  long length() {
    return position;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
