package io.minikv.engine.recovery;

import static io.minikv.domain.StoreUnavailableException.Reason.FOREIGN;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.ManifestFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the store in a directory, whose lock is held: reads the MANIFEST, finds the end of the log,
 * cuts what is torn, and replays the records. Nothing is changed on the disk before all of it was
 * read and found sound.
 */
public final class Recovery {

  private final Disk disk;
  private final InstantSource clock;
  private final long segmentBytes;
  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private final List<String> findings = new ArrayList<>();
  private final List<String> removable = new ArrayList<>();
  private final Map<SegmentEntry, LogTail> torn = new LinkedHashMap<>();
  private final List<Segment> opened = new ArrayList<>();

  private Recovery(Disk disk, InstantSource clock, long segmentBytes) {
    this.disk = disk;
    this.clock = clock;
    this.segmentBytes = segmentBytes;
    this.startedAt = clock.instant();
  }

  /**
   * Opens the store, or creates it where there is nothing.
   *
   * @throws StoreUnavailableException when it is not a store, of a newer version, or damaged
   * @throws IOException when the disk fails
   */
  public static Recovered open(Disk disk, InstantSource clock, long segmentBytes)
      throws IOException {
    Recovery recovery = new Recovery(disk, clock, segmentBytes);
    try {
      return disk.exists(FileNames.MANIFEST) ? recovery.recover() : recovery.create();
    } catch (DamagedSegmentException e) {
      recovery.closeAll();
      throw SegmentFiles.damaged(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      recovery.closeAll();
      throw e;
    }
  }

  private void closeAll() throws IOException {
    for (Segment segment : opened) {
      segment.close();
    }
  }

  // ---- a new store

  /**
   * Makes sure that there is a store, or nothing in the way of a new one, without touching
   * anything: a directory of something else does not even get a lock.
   *
   * @throws StoreUnavailableException when there is something else
   */
  public static void checkPlace(Disk disk) throws IOException {
    if (disk.exists(FileNames.INCOMPLETE)) {
      throw new StoreUnavailableException(
          FOREIGN,
          disk.describe()
              + " holds a copy of a store that was never finished, as the file "
              + FileNames.INCOMPLETE
              + " says. Remove the directory, and make the copy again.",
          null);
    }
    if (disk.exists(FileNames.MANIFEST)) {
      return;
    }
    for (String name : disk.list()) {
      boolean ours = name.equals(FileNames.LOCK) || name.equals(FileNames.MANIFEST_TEMPORARY);
      if (FileNames.segmentNumber(name).isPresent() || FileNames.keysNumber(name).isPresent()) {
        throw SegmentFiles.damaged(disk.describe() + " holds segments, but no MANIFEST", null);
      }
      if (!ours && !name.startsWith(".")) {
        throw new StoreUnavailableException(
            FOREIGN,
            disk.describe()
                + " holds "
                + name
                + ", which is no part of a store. Choose an empty directory, or one that holds a store.",
            null);
      }
    }
  }

  private Recovered create() throws IOException {
    checkPlace(disk);
    SecureRandom random = new SecureRandom();
    Manifest manifest =
        new Manifest(
            new StoreId(random.nextLong(), random.nextLong()),
            0,
            random.nextLong(),
            clock.millis(),
            1,
            false,
            0,
            List.of());
    EntryTable table = emptyTable(manifest);
    SegmentDirectory directory = directory(manifest, 1, 0);
    SegmentWriter active = directory.createLogSegment();
    opened.add(active.segment());
    table.segments().add(active.segment());
    return recovered(directory, table, active, 0, RecoveryReport.Outcome.CREATED, 0);
  }

  // ---- an existing one

  private Recovered recover() throws IOException {
    Manifest manifest = readManifest();
    SegmentFiles files = new SegmentFiles(disk, manifest.store());
    final long nextFileNumber = examineUnlisted(manifest, files);
    TreeMap<Long, SegmentEntry> entries = new TreeMap<>();
    manifest.segments().forEach(entry -> entries.put(entry.fileNumber(), entry));
    SegmentEntry last = manifest.closed() ? lastOfLog(manifest) : null;
    Uncertain uncertain = manifest.closed() ? null : recoverEnds(manifest, files, entries);
    EntryTable table = emptyTable(manifest);
    Replay replay = new Replay(table);
    SegmentWriter resumed = null;
    for (SegmentEntry entry : List.copyOf(entries.values())) {
      if (entry.state() == Manifest.State.RETIRED) {
        continue;
      }
      Segment segment;
      if (entry.equals(last)) {
        resumed = files.resume(entry, segmentBytes);
        segment = resumed.segment();
      } else {
        segment = files.openSealed(entry);
      }
      opened.add(segment);
      table.segments().add(segment);
      replay.add(segment);
      entries.put(
          entry.fileNumber(),
          entry.equals(last) ? SegmentEntry.open(entry.fileNumber()) : entry(segment));
    }
    for (Map.Entry<SegmentEntry, LogTail> each : torn.entrySet()) {
      files.setAside(each.getKey(), each.getValue());
    }
    long lastSequence = Math.max(manifest.sequence(), replay.highestSequence());
    SegmentDirectory directory = directory(manifest, nextFileNumber, lastSequence);
    if (uncertain != null) {
      Segment copy = copy(uncertain, files, directory);
      table.segments().add(copy);
      replay.add(copy);
      entries.put(copy.fileNumber(), entry(copy));
    }
    directory.list(entries.values());
    ValueFileSweep values = ValueFileSweep.of(disk, table);
    findings.addAll(values.findings());
    removable.addAll(values.removable());
    SegmentWriter active = activate(directory, table.segments(), resumed);
    removeLeftovers();
    directory.forgetRetired();
    for (Segment segment : table.segments().all()) {
      if (segment != active.segment()) {
        segment.trim();
      }
    }
    RecoveryReport.Outcome outcome =
        manifest.closed() ? RecoveryReport.Outcome.CLEAN : RecoveryReport.Outcome.RECOVERED;
    return recovered(directory, table, active, lastSequence, outcome, replay.records());
  }

  private static SegmentEntry entry(Segment segment) {
    return new SegmentEntry(
        segment.fileNumber(),
        segment.kind(),
        Manifest.State.COMPLETE,
        segment.end(),
        segment.lowestSequence(),
        segment.highestSequence());
  }

  /**
   * Copies the writes that may not be durable into a segment of their own, durably. To force them
   * where they are would prove nothing: after a force that failed, they can be in the memory of the
   * operating system only, which takes them for written.
   */
  private Segment copy(Uncertain uncertain, SegmentFiles files, SegmentDirectory directory)
      throws IOException {
    SegmentWriter copy = directory.createCompactedSegment();
    opened.add(copy.segment());
    Segment original = files.openWhole(uncertain.entry(), uncertain.tail());
    try {
      FrameScanner frames = FrameScanner.from(original, uncertain.tail().durableEnd());
      while (frames.next()) {
        if (frames.head().isRecord()) {
          copy.append(original, frames);
        }
      }
    } finally {
      original.close();
    }
    copy.force(SegmentHeader.LENGTH, copy.position());
    copy.finish();
    return copy.segment();
  }

  private SegmentWriter activate(
      SegmentDirectory directory, SegmentSet segments, @Nullable SegmentWriter resumed)
      throws IOException {
    if (resumed != null) {
      SegmentFiles.cutBehind(resumed);
      try {
        directory.renew();
      } catch (DiskFullException _) {
        findings.add(
            "The disk is full: the store can be read, and takes writes when there is space again.");
      }
      return resumed;
    }
    SegmentWriter created = directory.createLogSegment();
    opened.add(created.segment());
    segments.add(created.segment());
    return created;
  }

  private Manifest readManifest() throws IOException {
    try {
      return ManifestFile.read(disk);
    } catch (FormatException e) {
      throw SegmentFiles.unreadable(FileNames.MANIFEST, e);
    }
  }

  /**
   * Looks at files that the MANIFEST does not list; returns a file number above all that were ever
   * used.
   */
  private long examineUnlisted(Manifest manifest, SegmentFiles files) throws IOException {
    long next = manifest.nextFileNumber();
    List<Long> listed = new ArrayList<>();
    List<Long> retired = new ArrayList<>();
    for (SegmentEntry entry : manifest.segments()) {
      (entry.state() == Manifest.State.RETIRED ? retired : listed).add(entry.fileNumber());
    }
    for (String name : disk.list()) {
      long used = FileNames.fileNumber(name).orElse(0);
      if (used < Location.MAX_FILE_NUMBER) { // A greater one was never handed out.
        next = Math.max(next, used + 1);
      }
      long number = FileNames.segmentNumber(name).orElse(0);
      if (number == 0 || listed.contains(number)) {
        continue;
      }
      if (retired.contains(number) || files.isLeftover(name)) {
        removable.add(name);
      } else {
        findings.add(
            name
                + " is a segment that the MANIFEST does not list. It was left alone, and is not read.");
      }
    }
    return next;
  }

  /**
   * A segment with writes that may not be durable.
   *
   * @param entry the segment
   * @param tail where they are
   */
  private record Uncertain(SegmentEntry entry, LogTail tail) {}

  /**
   * Finds out where the segments end whose end the MANIFEST does not know; returns the one that
   * holds writes that may not be durable.
   */
  private @Nullable Uncertain recoverEnds(
      Manifest manifest, SegmentFiles files, Map<Long, SegmentEntry> entries) throws IOException {
    List<SegmentEntry> open =
        manifest.segments().stream().filter(entry -> entry.state() == Manifest.State.OPEN).toList();
    boolean followed = false;
    Uncertain uncertain = null;
    for (SegmentEntry entry : open.reversed()) {
      LogTail tail = files.tail(entry, followed);
      if (tail == null) {
        entries.remove(entry.fileNumber());
        removable.add(FileNames.segment(entry.fileNumber()));
        continue;
      }
      entries.put(
          entry.fileNumber(),
          new SegmentEntry(
              entry.fileNumber(), entry.kind(), Manifest.State.COMPLETE, tail.durableEnd(), 0, 0));
      report(entry, tail);
      if (tail.isUncertain()) {
        uncertain = new Uncertain(entry, tail);
      }
      followed = true;
    }
    return uncertain;
  }

  private void report(SegmentEntry entry, LogTail tail) {
    String name = FileNames.segment(entry.fileNumber());
    if (tail.isTorn()) {
      torn.put(entry, tail);
      findings.add(
          name
              + " ends with a write that a crash cut short: "
              + (tail.contentEnd() - tail.end())
              + " bytes from byte "
              + tail.end()
              + " on were set aside in "
              + FileNames.torn(entry.fileNumber())
              + ".");
    }
    for (long offset : tail.damagedValues()) {
      findings.add(
          name
              + ", at byte "
              + offset
              + ", has a value whose checksum does not fit; its key cannot be read.");
    }
  }

  /**
   * In a store that was closed in order, the segment in which the log goes on, unless it is full.
   */
  private @Nullable SegmentEntry lastOfLog(Manifest manifest) {
    SegmentEntry last = null;
    for (SegmentEntry entry : manifest.segments()) {
      boolean ofLog = entry.kind() == SegmentHeader.Kind.LOG;
      last = ofLog && entry.state() == Manifest.State.COMPLETE ? entry : last;
    }
    return last;
  }

  private void removeLeftovers() throws IOException {
    for (String name : removable) {
      disk.delete(name);
    }
    if (!removable.isEmpty()) {
      disk.forceDirectory();
    }
  }

  // ---- both

  private EntryTable emptyTable(Manifest manifest) {
    return new EntryTable(
        new ShardedIndex(),
        new SegmentSet(),
        new KeyHasher(manifest.hashSeed()),
        new ValueFiles(disk, manifest.store()));
  }

  private SegmentDirectory directory(Manifest manifest, long nextFileNumber, long lastSequence) {
    return new SegmentDirectory(
        disk, clock, segmentBytes, manifest, nextFileNumber, () -> lastSequence);
  }

  private Recovered recovered(
      SegmentDirectory directory,
      EntryTable table,
      SegmentWriter active,
      long lastSequence,
      RecoveryReport.Outcome outcome,
      long records) {
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
    RecoveryReport report =
        new RecoveryReport(startedAt, took, outcome, records, table.keys(), findings);
    return new Recovered(directory, table, active, lastSequence, report);
  }
}
