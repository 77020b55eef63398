package io.minikv.engine.recovery;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files of segments as an opening of the store needs them, and says what is wrong with
 * those that do not fit.
 */
final class SegmentFiles {

  private static final int CHUNK_LENGTH = 64 << 10;

  private final Disk disk;
  private final StoreId store;

  SegmentFiles(Disk disk, StoreId store) {
    this.disk = disk;
    this.store = store;
  }

  /** Opens a segment whose end is known. */
  Segment openSealed(SegmentEntry entry) throws IOException {
    DiskFile file = open(entry, Disk.Access.READ_WRITE);
    try {
      SegmentHeader header = header(entry, file);
      if (file.size() < entry.end()) {
        throw damaged(
            file.name()
                + " has "
                + file.size()
                + " bytes, but had "
                + entry.end()
                + " when it was complete",
            null);
      }
      return Segment.openSealed(header, file, entry.end());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Opens a segment with all its complete writes, to read them once. */
  Segment openWhole(SegmentEntry entry, LogTail tail) throws IOException {
    DiskFile file = open(entry, Disk.Access.READ);
    try {
      return Segment.openSealed(header(entry, file), file, tail.end());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens a segment, whose end is known, to go on behind it. What the file holds there is cut off
   * by {@link #cutBehind}, before anything is written.
   */
  SegmentWriter resume(SegmentEntry entry, long segmentBytes) throws IOException {
    DiskFile file = open(entry, Disk.Access.READ_WRITE);
    try {
      SegmentHeader header = header(entry, file);
      if (file.size() < entry.end()) {
        throw damaged(
            file.name()
                + " has "
                + file.size()
                + " bytes, but had "
                + entry.end()
                + " when it was closed",
            null);
      }
      return SegmentWriter.resume(disk, header, file, entry.end(), segmentBytes);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Cuts off what lies behind the frames of a segment that is to be written. Durable then. */
  static void cutBehind(SegmentWriter resumed) throws IOException {
    resumed.segment().trim();
    resumed.force(resumed.position(), resumed.position());
  }

  /**
   * What a crash left of a segment; nothing when no write ever reached it.
   *
   * @param from where to begin; all before is known to be durable, and a write begins there
   * @param followed whether a later segment was written to
   */
  @Nullable LogTail tail(SegmentEntry entry, long from, boolean followed) throws IOException {
    try (DiskFile file = open(entry, Disk.Access.READ)) {
      SegmentHeader header = header(entry, file);
      long contentEnd = contentEnd(file);
      if (contentEnd <= SegmentHeader.LENGTH && from <= SegmentHeader.LENGTH && !followed) {
        return null;
      }
      Segment all = Segment.openSealed(header, file, file.size());
      try {
        return LogTail.of(all, from, contentEnd, followed);
      } finally {
        all.close();
      }
    }
  }

  /** Cuts off the zeros behind the last byte that is not zero, but nothing before {@code end}. */
  void cutZeros(SegmentEntry entry, long end) throws IOException {
    try (DiskFile file = open(entry, Disk.Access.READ_WRITE)) {
      long kept = Math.max(end, contentEnd(file));
      if (file.size() > kept) {
        file.truncate(kept);
      }
    }
  }

  /** Copies what lies behind the last complete write to a file of its own. */
  void setAside(SegmentEntry entry, LogTail tail) throws IOException {
    String name = FileNames.torn(entry.fileNumber());
    if (disk.exists(name)) {
      disk.delete(name);
    }
    try (DiskFile from = open(entry, Disk.Access.READ);
        DiskFile to = disk.create(name)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_LENGTH);
      for (long at = tail.end(); at < tail.contentEnd(); at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK_LENGTH, tail.contentEnd() - at));
        from.read(at, chunk);
        to.write(at - tail.end(), chunk.flip());
      }
      to.force();
    }
  }

  /**
   * Whether a file that is not listed is the output of a compaction that never ended, or was never
   * written to.
   */
  boolean isLeftover(String name) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      long contentEnd = contentEnd(file);
      if (contentEnd == 0) {
        return true;
      }
      SegmentHeader header = SegmentHeader.decode(headerBytes(file));
      return header.store().equals(store)
          && (header.kind() == SegmentHeader.Kind.COMPACTED || contentEnd <= SegmentHeader.LENGTH);
    } catch (FormatException _) {
      return false;
    }
  }

  private DiskFile open(SegmentEntry entry, Disk.Access access) throws IOException {
    String name = FileNames.segment(entry.fileNumber());
    if (!disk.exists(name)) {
      throw damaged(name + " is missing, which the MANIFEST lists", null);
    }
    return disk.open(name, access);
  }

  private SegmentHeader header(SegmentEntry entry, DiskFile file) throws IOException {
    try {
      SegmentHeader header = SegmentHeader.decode(headerBytes(file));
      if (!header.store().equals(store) || header.fileNumber() != entry.fileNumber()) {
        throw new FormatException(
            FormatException.Kind.FOREIGN, "belongs to another store or has another name");
      }
      return header;
    } catch (FormatException e) {
      throw unreadable(file.name(), e);
    }
  }

  private static byte[] headerBytes(DiskFile file) throws IOException {
    byte[] bytes = new byte[(int) Math.min(SegmentHeader.LENGTH, file.size())];
    file.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Where the last byte of a file ends that is not zero. */
  private static long contentEnd(DiskFile file) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_LENGTH);
    for (long to = file.size(); to > 0; to -= CHUNK_LENGTH) {
      long from = Math.max(0, to - CHUNK_LENGTH);
      chunk.clear().limit((int) (to - from));
      file.read(from, chunk);
      for (int at = chunk.position() - 1; at >= 0; at--) {
        if (chunk.get(at) != 0) {
          return from + at + 1;
        }
      }
    }
    return 0;
  }

  /** What a file that is not of the format means to who opens the store. */
  static StoreUnavailableException unreadable(String name, FormatException cause) {
    String problem = name + " " + cause.getMessage();
    return switch (cause.kind()) {
      case DAMAGED -> damaged(problem, cause);
      case NEWER ->
          new StoreUnavailableException(
              Reason.FOREIGN,
              "The store cannot be opened: " + problem + ". Use a newer program.",
              cause);
      case FOREIGN ->
          new StoreUnavailableException(
              Reason.FOREIGN,
              "The store cannot be opened: " + problem + ". Put the right file back from a backup.",
              cause);
    };
  }

  /** What damage means to who opens the store. */
  static StoreUnavailableException damaged(String problem, @Nullable Throwable cause) {
    return new StoreUnavailableException(
        Reason.DAMAGED,
        "The store is damaged and was not opened, so that no older state passes for the current one: "
            + problem
            + ". Nothing was changed. Restore a backup, or save what is left with a repair.",
        cause);
  }
}
