package io.minikv.engine.tools;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.DirectoryLockedException;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.ManifestFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a store that is not open, as they are, with its lock held until this is closed.
 *
 * <p>For one thread.
 */
public final class StoreFiles implements Closeable {

  private final Disk disk;
  private final DirectoryLock lock;
  private final Optional<Manifest> manifest;
  private final Optional<FormatException> manifestProblem;
  private final Optional<StoreId> storeId;

  private StoreFiles(
      Disk disk,
      DirectoryLock lock,
      Optional<Manifest> manifest,
      Optional<FormatException> manifestProblem)
      throws IOException {
    this.disk = disk;
    this.lock = lock;
    this.manifest = manifest;
    this.manifestProblem = manifestProblem;
    this.storeId = manifest.isPresent() ? manifest.map(Manifest::store) : storeIdOfSegments(disk);
  }

  /**
   * Looks at a directory and takes its lock.
   *
   * @throws StoreUnavailableException when a store is open there, or there is none
   */
  public static StoreFiles open(Disk disk) throws IOException {
    requireStore(disk);
    DirectoryLock lock;
    try {
      lock = disk.lock(FileNames.LOCK, "process " + ProcessHandle.current().pid());
    } catch (DirectoryLockedException e) {
      throw new StoreUnavailableException(
          Reason.IN_USE,
          "The store in "
              + disk.describe()
              + " is in use by "
              + e.holder()
              + ". Stop it first, or ask the running store itself.",
          e);
    }
    try {
      return read(disk, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void requireStore(Disk disk) throws IOException {
    if (disk.exists(FileNames.INCOMPLETE)) {
      throw new StoreUnavailableException(
          Reason.FOREIGN,
          disk.describe()
              + " holds a copy of a store that was never finished, as the file "
              + FileNames.INCOMPLETE
              + " says. Use another one.",
          null);
    }
    boolean any =
        disk.list().stream()
            .anyMatch(name ->
                name.equals(FileNames.MANIFEST) || FileNames.segmentNumber(name).isPresent());
    if (!any) {
      throw new StoreUnavailableException(
          Reason.FOREIGN,
          disk.describe() + " holds no store: there is neither a MANIFEST nor a segment.",
          null);
    }
  }

  private static StoreFiles read(Disk disk, DirectoryLock lock) throws IOException {
    if (!disk.exists(FileNames.MANIFEST)) {
      FormatException missing = new FormatException(FormatException.Kind.DAMAGED, "is missing");
      return new StoreFiles(disk, lock, Optional.empty(), Optional.of(missing));
    }
    try {
      return new StoreFiles(disk, lock, Optional.of(ManifestFile.read(disk)), Optional.empty());
    } catch (FormatException e) {
      return new StoreFiles(disk, lock, Optional.empty(), Optional.of(e));
    }
  }

  /** The store id that most headers of segments tell. */
  private static Optional<StoreId> storeIdOfSegments(Disk disk) throws IOException {
    Map<StoreId, Integer> votes = new HashMap<>();
    for (String name : disk.list()) {
      if (FileNames.segmentNumber(name).isPresent()) {
        try (DiskFile file = disk.open(name, Disk.Access.READ)) {
          votes.merge(SegmentHeader.decode(headerBytes(file)).store(), 1, Integer::sum);
        } catch (FormatException _) {
          // It has no vote.
        }
      }
    }
    return votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  static byte[] headerBytes(DiskFile file) throws IOException {
    byte[] bytes = new byte[(int) Math.min(SegmentHeader.LENGTH, file.size())];
    file.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  Disk disk() {
    return disk;
  }

  /** The MANIFEST, when it can be read. */
  Optional<Manifest> manifest() {
    return manifest;
  }

  /** What is wrong with the MANIFEST, when it cannot be read. */
  Optional<FormatException> manifestProblem() {
    return manifestProblem;
  }

  /** The id of the store, when any file tells it. */
  Optional<StoreId> storeId() {
    return storeId;
  }

  /**
   * A segment that is part of the store.
   *
   * @param name of its file
   * @param number its number
   * @param end where its frames end, when the MANIFEST says so
   * @param isThere whether there is such a file
   * @param size of the file
   */
  record LiveSegment(String name, long number, Optional<Long> end, boolean isThere, long size) {

    /** Where to stop reading. */
    long limit() {
      return end.map(known -> Math.min(known, size)).orElse(size);
    }
  }

  /**
   * The segments that the MANIFEST lists as live; without one, all that there are. The lowest
   * number first.
   */
  List<LiveSegment> segments() throws IOException {
    List<LiveSegment> segments = new ArrayList<>();
    if (manifest.isPresent()) {
      for (SegmentEntry entry : manifest.get().segments()) {
        if (entry.state() != Manifest.State.RETIRED) {
          Optional<Long> end =
              entry.state() == Manifest.State.COMPLETE
                  ? Optional.of(entry.end())
                  : Optional.empty();
          segments.add(segment(entry.fileNumber(), end));
        }
      }
    } else {
      for (String name : disk.list()) {
        if (FileNames.segmentNumber(name).isPresent()) {
          segments.add(segment(FileNames.segmentNumber(name).getAsLong(), Optional.empty()));
        }
      }
    }
    segments.sort(Comparator.comparingLong(LiveSegment::number));
    return segments;
  }

  private LiveSegment segment(long number, Optional<Long> end) throws IOException {
    String name = FileNames.segment(number);
    boolean isThere = disk.exists(name);
    return new LiveSegment(name, number, end, isThere, isThere ? size(name) : 0);
  }

  /**
   * What is wrong with the header of a segment; nothing when it is whole and belongs here.
   *
   * @throws IOException when it cannot be read
   */
  Optional<String> headerProblem(DiskFile file, long number) throws IOException {
    try {
      SegmentHeader header = SegmentHeader.decode(headerBytes(file));
      boolean belongs =
          header.fileNumber() == number && storeId.map(header.store()::equals).orElse(true);
      return belongs
          ? Optional.empty()
          : Optional.of("belongs to another store or has another name");
    } catch (FormatException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What checksums in a file are bound to, when the id of the store is known. */
  Optional<FileIdentity> identity(long number) {
    return storeId.map(id -> new FileIdentity(id, number));
  }

  /** The names of all value files, those of no live record too. */
  List<String> valueFiles() throws IOException {
    return disk.list().stream()
        .filter(name -> FileNames.valueNumber(name).isPresent())
        .sorted()
        .toList();
  }

  /** The size of a file that is there. */
  long size(String name) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      return file.size();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
