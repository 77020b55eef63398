package io.minikv.engine.segment;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The files of a store as the MANIFEST lists them. Creates segments, hands out file numbers, and
 * replaces the MANIFEST when the list changes; a change has happened when it is durable.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A file number is handed out only below the number that the MANIFEST on disk holds.
 *   <li>A sequence number is handed out only below the number that the MANIFEST on disk holds
 *       ({@link #sequenceCeiling}).
 *   <li>A file that the MANIFEST on disk may list is never removed.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class SegmentDirectory {

  /**
   * How many file numbers a MANIFEST reserves, so that few segments need one just for their number.
   */
  private static final int RESERVED_FILE_NUMBERS = 16;

  private final Disk disk;
  private final InstantSource clock;
  private final long segmentBytes;
  private final long reservedSequences;

  // All of these are guarded by this.
  private final TreeMap<Long, SegmentEntry> entries = new TreeMap<>();
  private Manifest written;
  private long nextFileNumber;
  private LongSupplier lastSequence;

  private volatile long sequenceCeiling;
  private volatile Consumer<Segment> onComplete = segment -> {};

  /**
   * For the files that a MANIFEST lists.
   *
   * @param manifest the one on disk, or the first one, not yet written
   * @param nextFileNumber the first number to hand out
   * @param lastSequence tells the last sequence number handed out
   */
  public SegmentDirectory(
      Disk disk,
      InstantSource clock,
      long segmentBytes,
      Manifest manifest,
      long nextFileNumber,
      LongSupplier lastSequence) {
    this.disk = disk;
    this.clock = clock;
    this.segmentBytes = segmentBytes;
    this.reservedSequences = Math.max(1024, segmentBytes / 8);
    this.written = manifest;
    this.nextFileNumber = nextFileNumber;
    this.lastSequence = lastSequence;
    manifest.segments().forEach(entry -> entries.put(entry.fileNumber(), entry));
  }

  /** The disk that holds the files. */
  public Disk disk() {
    return disk;
  }

  /** The identity of the store. */
  public synchronized StoreId store() {
    return written.store();
  }

  /** The size at which segments should end, in bytes. */
  public long segmentBytes() {
    return segmentBytes;
  }

  /** A number that every sequence number handed out must stay below. */
  public long sequenceCeiling() {
    return sequenceCeiling;
  }

  /** From now on this tells the last sequence number handed out. */
  public synchronized void trackSequence(LongSupplier newLastSequence) {
    lastSequence = newLastSequence;
  }

  /** From now on this is told of each segment that is complete and listed, or will be. */
  public void whenComplete(Consumer<Segment> newOnComplete) {
    onComplete = newOnComplete;
  }

  /**
   * Replaces the MANIFEST without a change of the list, to reserve more numbers or to say that the
   * store is open.
   */
  public synchronized void renew() throws IOException {
    write(false);
  }

  /** From the next MANIFEST on these are the segments. */
  public synchronized void list(Collection<SegmentEntry> segments) {
    entries.clear();
    segments.forEach(entry -> entries.put(entry.fileNumber(), entry));
  }

  /**
   * Creates the next segment of the log and lists it.
   *
   * @throws DiskFullException when there is no space; nothing has changed then
   */
  public synchronized SegmentWriter createLogSegment() throws IOException {
    SegmentWriter writer = create(SegmentHeader.Kind.LOG);
    long number = writer.segment().fileNumber();
    entries.put(number, SegmentEntry.open(number));
    try {
      writer.reserve(SegmentHeader.LENGTH);
      write(false);
      return writer;
    } catch (IOException e) {
      entries.remove(number);
      writer.segment().close();
      if (e instanceof DiskFullException) {
        disk.delete(writer.segment().name());
      }
      throw e;
    }
  }

  /**
   * The files of all segments that are not live any more are gone: no later MANIFEST lists them.
   */
  public synchronized void forgetRetired() {
    entries.values().removeIf(entry -> entry.state() == Manifest.State.RETIRED);
  }

  /** Creates a segment for the output of a compaction, which is not listed yet. */
  public synchronized SegmentWriter createCompactedSegment() throws IOException {
    SegmentWriter writer = create(SegmentHeader.Kind.COMPACTED);
    writer.expectRareForces();
    return writer;
  }

  /**
   * A file number that no file of this store has, and none will have.
   *
   * @throws DiskFullException when there is no space for a MANIFEST, or when all numbers are used
   *     up; none was handed out
   */
  public synchronized long takeFileNumber() throws IOException {
    if (nextFileNumber > Location.MAX_FILE_NUMBER) {
      throw new DiskFullException(
          "all file numbers of the store are used up; a repair renews them");
    }
    if (nextFileNumber >= written.nextFileNumber()) {
      write(false);
    }
    return nextFileNumber++;
  }

  /** The MANIFEST on disk. */
  public synchronized Manifest manifest() {
    return written;
  }

  private SegmentWriter create(SegmentHeader.Kind kind) throws IOException {
    long number = takeFileNumber();
    SegmentHeader header = new SegmentHeader(kind, written.store(), number, clock.millis());
    return SegmentWriter.create(disk, header, segmentBytes);
  }

  /**
   * Lists a segment of the log as complete. When it fails the next MANIFEST that is written does;
   * until then a crash makes the next opening find out where the segment ends.
   */
  public void seal(Segment segment) throws IOException {
    try {
      listComplete(segment);
    } finally {
      onComplete.accept(segment);
    }
  }

  private synchronized void listComplete(Segment segment) throws IOException {
    if (entries.containsKey(segment.fileNumber())) {
      entries.put(segment.fileNumber(), sealedEntry(segment));
      write(false);
    }
  }

  /**
   * Lists segments in place of others, in one step. The files of those can be removed then.
   *
   * @throws DiskFullException when there is no space; nothing has changed then
   */
  public void replace(Collection<Segment> leaving, Collection<Segment> coming) throws IOException {
    replaceListed(leaving, coming);
    coming.forEach(onComplete);
  }

  private synchronized void replaceListed(Collection<Segment> leaving, Collection<Segment> coming)
      throws IOException {
    Map<Long, SegmentEntry> before = Map.copyOf(entries);
    leaving.forEach(
        segment -> entries.computeIfPresent(segment.fileNumber(), (_, e) -> e.retired()));
    coming.forEach(segment -> entries.put(segment.fileNumber(), sealedEntry(segment)));
    try {
      write(false);
    } catch (IOException e) {
      entries.clear();
      entries.putAll(before);
      throw e;
    }
  }

  /**
   * Removes the files of segments that are not live any more. When that fails, or a crash comes
   * first, the next opening does.
   */
  public synchronized void delete(Collection<Segment> leaving) throws IOException {
    for (Segment segment : leaving) {
      deleteIfThere(FileNames.keys(segment.fileNumber()));
      disk.delete(segment.name());
    }
    disk.forceDirectory();
    leaving.forEach(segment -> entries.remove(segment.fileNumber()));
  }

  /** Tries again what {@link #delete} could not do. */
  public synchronized void deleteRetired() throws IOException {
    List<SegmentEntry> retired =
        entries.values().stream().filter(each -> each.state() == Manifest.State.RETIRED).toList();
    for (SegmentEntry entry : retired) {
      deleteIfThere(FileNames.keys(entry.fileNumber()));
      deleteIfThere(FileNames.segment(entry.fileNumber()));
    }
    if (!retired.isEmpty()) {
      disk.forceDirectory();
      retired.forEach(entry -> entries.remove(entry.fileNumber()));
    }
  }

  /**
   * Gives a complete key file its name, unless its segment is not live any more: then the key file
   * goes.
   *
   * @return whether it has its name now
   */
  public synchronized boolean publishKeyFile(Segment segment) throws IOException {
    String temporary = FileNames.keysTemporary(segment.fileNumber());
    SegmentEntry entry = entries.get(segment.fileNumber());
    if (entry == null || entry.state() == Manifest.State.RETIRED) {
      disk.delete(temporary);
      return false;
    }
    disk.rename(temporary, FileNames.keys(segment.fileNumber()));
    return true;
  }

  /** Whether a segment is listed, and not as one that is not live any more. */
  public synchronized boolean lists(long fileNumber) {
    SegmentEntry entry = entries.get(fileNumber);
    return entry != null && entry.state() != Manifest.State.RETIRED;
  }

  /**
   * Gives a complete index snapshot its name, durably. Under the lock of all other changes of
   * names, so that a failure here concerns no other name.
   */
  public synchronized void publishSnapshot(long sequence) throws IOException {
    disk.rename(FileNames.snapshotTemporary(sequence), FileNames.snapshot(sequence));
    disk.forceDirectory();
  }

  private void deleteIfThere(String name) throws IOException {
    if (disk.exists(name)) {
      disk.delete(name);
    }
  }

  /** What the MANIFEST says of a complete segment. */
  public static SegmentEntry sealedEntry(Segment segment) {
    return new SegmentEntry(
        segment.fileNumber(),
        segment.kind(),
        Manifest.State.COMPLETE,
        segment.end(),
        segment.lowestSequence(),
        segment.highestSequence());
  }

  /**
   * Writes the MANIFEST of a store that is closed in order.
   *
   * @param last the segment in which the log ends
   * @param unused segments that were created ahead and hold nothing; their files are removed
   */
  public synchronized void close(Segment last, List<Segment> unused) throws IOException {
    entries.put(last.fileNumber(), sealedEntry(last));
    unused.forEach(segment -> entries.remove(segment.fileNumber()));
    // A segment without a known end must be recovered, so the store does not count as closed then.
    write(entries.values().stream().noneMatch(entry -> entry.state() == Manifest.State.OPEN));
    delete(unused);
  }

  private void write(boolean closed) throws IOException {
    long ceiling = lastSequence.getAsLong() + reservedSequences;
    Manifest next =
        new Manifest(
            written.store(),
            written.generation() + 1,
            written.hashSeed(),
            written.createdAtMillis(),
            closed ? nextFileNumber : nextFileNumber + RESERVED_FILE_NUMBERS,
            closed,
            closed ? lastSequence.getAsLong() : ceiling,
            new ArrayList<>(entries.values()));
    ManifestFile.replace(disk, next);
    written = next;
    sequenceCeiling = ceiling;
  }
}
