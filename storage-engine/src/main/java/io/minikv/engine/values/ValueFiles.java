package io.minikv.engine.values;

import io.minikv.domain.Key;
import io.minikv.domain.StoreClosedException;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value files of a store: those that are being written, and which segments hold records that
 * name the others. A file goes when no segment names it any more that somebody can read.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A file is complete and durable, its name included, before a record names it.
 *   <li>A file that a record in a readable segment may name is never removed.
 * </ol>
 *
 * <p>Thread-safe. What may wait for the disk is not done under the lock that {@link #name} takes,
 * which writers call.
 */
public final class ValueFiles {

  private final Disk disk;
  private final StoreId store;

  private final Set<StagedFile> staged = ConcurrentHashMap.newKeySet();

  /** Keeps the end of the store apart from the beginning of a file. */
  private final Object staging = new Object();

  private boolean closed;

  // The rest is guarded by this.
  private final Map<Long, Named> named = new HashMap<>();
  private final Map<Long, Set<Named>> namedBySegment = new HashMap<>();

  /** Not set up before there is something to say: no opening has to wait for that. */
  private static Logger log() {
    return LoggerFactory.getLogger(ValueFiles.class);
  }

  /** A file that records name. Guarded by the one that holds it. */
  private static final class Named {

    private final long fileNumber;
    private final long bytes;
    private int segments;
    private boolean dead;

    Named(long fileNumber, long bytes) {
      this.fileNumber = fileNumber;
      this.bytes = bytes;
    }
  }

  /** The value files of a store on a disk, none of which is named as yet. */
  public ValueFiles(Disk disk, StoreId store) {
    this.disk = disk;
    this.store = store;
  }

  // ---- writing

  /** Hands out file numbers. */
  @FunctionalInterface
  public interface Numbers {

    /** A number that no file of the store ever had. */
    long next() throws IOException;
  }

  /** Begins a file for the value of a key. Its header and its name are durable then. */
  public StagedFile stage(Key key, Numbers numbers, long nowMillis) throws IOException {
    synchronized (staging) {
      if (closed) {
        throw new StoreClosedException("The store is closed.");
      }
      ValueFileHeader header = new ValueFileHeader(store, numbers.next(), nowMillis, key);
      DiskFile file = disk.create(FileNames.value(header.fileNumber()));
      try {
        file.write(0, ByteBuffer.wrap(header.encode()));
        file.force();
        disk.forceDirectory();
      } catch (IOException e) {
        discard(file, e);
        throw e;
      }
      StagedFile begun = new StagedFile(file, header, staged::remove);
      staged.add(begun);
      return begun;
    }
  }

  private void discard(DiskFile file, IOException cause) {
    try {
      file.close();
      disk.delete(file.name());
    } catch (IOException e) {
      cause.addSuppressed(e); // The next opening removes it.
    }
  }

  /** A record names a finished file, or may do so: it stays. */
  public void keep(StagedFile file) {
    try {
      file.end();
    } catch (IOException e) {
      log().warn("{} could not be closed ({}). It is complete.", file.name(), e.getMessage());
    }
  }

  /**
   * Removes a file that no record names and none will. When that fails the next opening does it.
   */
  public void abort(StagedFile file) {
    try {
      if (file.end()) {
        disk.delete(file.name());
      }
    } catch (IOException e) {
      log()
          .warn(
              "{} could not be removed ({}). The next opening of the store does it.",
              file.name(),
              e.getMessage());
    }
  }

  /** Ends all that is being written, and begins nothing more. */
  public void close() {
    synchronized (staging) {
      closed = true;
    }
    staged.forEach(this::abort);
  }

  // ---- the records that name files

  /** A record in a segment names a file. */
  public synchronized void name(long segment, long fileNumber, int keyLength, int valueLength) {
    Named file =
        named.computeIfAbsent(
            fileNumber, n -> new Named(n, ValueFile.fileBytes(keyLength, valueLength)));
    if (namedBySegment.computeIfAbsent(segment, _ -> new HashSet<>()).add(file)) {
      file.segments++;
    }
  }

  /** The record that names a file is not the live one of its key any more. */
  public synchronized void markDead(long fileNumber) {
    Named file = named.get(fileNumber);
    if (file != null) {
      file.dead = true;
    }
  }

  /**
   * Nobody can read a segment any more, and no MANIFEST lists it: the files go that no other
   * segment names.
   */
  public void release(long segment) throws IOException {
    for (long fileNumber : forget(segment)) {
      removeIfThere(fileNumber);
    }
  }

  /** The numbers of the files that records in a segment name. */
  public synchronized List<Long> namedBy(long segment) {
    return namedBySegment.getOrDefault(segment, Set.of()).stream()
        .map(file -> file.fileNumber)
        .sorted()
        .toList();
  }

  /** Takes the names away that a segment gave; returns the files that have none any more. */
  private synchronized List<Long> forget(long segment) {
    List<Long> nameless = new ArrayList<>();
    Collection<Named> files = namedBySegment.remove(segment);
    for (Named file : files == null ? Set.<Named>of() : files) {
      if (--file.segments == 0) {
        named.remove(file.fileNumber);
        nameless.add(file.fileNumber);
      }
    }
    return nameless;
  }

  /** Removes a file, unless somebody from outside did. */
  private void removeIfThere(long fileNumber) throws IOException {
    String name = FileNames.value(fileNumber);
    if (disk.exists(name)) {
      disk.delete(name);
    }
  }

  // ---- reading

  /**
   * Opens the file that a record names.
   *
   * @throws io.minikv.engine.segment.DamagedSegmentException when it is not what was written
   */
  public ValueFile open(long fileNumber, Key key, int valueLength) throws IOException {
    return ValueFile.open(disk, store, fileNumber, key, valueLength);
  }

  // ---- the opening of the store

  /**
   * The header of a file.
   *
   * @throws FormatException when it is not that of a value file of this store and of that name
   */
  public ValueFileHeader header(long fileNumber) throws IOException, FormatException {
    try (DiskFile file = disk.open(FileNames.value(fileNumber), Disk.Access.READ)) {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(ValueFileHeader.MAX_LENGTH, file.size()));
      file.read(0, bytes);
      ValueFileHeader header = ValueFileHeader.decode(bytes.array());
      if (!header.store().equals(store) || header.fileNumber() != fileNumber) {
        throw new FormatException(
            FormatException.Kind.FOREIGN, "belongs to another store or has another name");
      }
      return header;
    }
  }

  /**
   * Whether a file whose header is damaged never held a value: its header was not durable when a
   * crash came.
   */
  public boolean isBarelyBegun(long fileNumber) throws IOException {
    try (DiskFile file = disk.open(FileNames.value(fileNumber), Disk.Access.READ)) {
      return file.size() <= ValueFileHeader.MAX_LENGTH
          && !ValueFile.endsWhole(file, new FileIdentity(store, fileNumber));
    }
  }

  // ---- figures

  /** The size of all value files, in bytes. */
  public synchronized long bytes() {
    long bytes = 0;
    for (Named file : named.values()) {
      bytes += file.bytes;
    }
    for (StagedFile file : staged) {
      bytes += file.bytes();
    }
    return bytes;
  }

  /** The size of the value files that records in a segment name, in bytes. */
  public synchronized long bytes(long segment) {
    return sum(segment, false);
  }

  /** The size of those of them whose records are dead, in bytes. */
  public synchronized long deadBytes(long segment) {
    return sum(segment, true);
  }

  private long sum(long segment, boolean deadOnly) {
    long bytes = 0;
    for (Named file : namedBySegment.getOrDefault(segment, Set.of())) {
      bytes += file.dead || !deadOnly ? file.bytes : 0;
    }
    return bytes;
  }
}
