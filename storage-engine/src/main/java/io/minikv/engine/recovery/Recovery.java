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
import io.minikv.engine.index.Index;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.ManifestFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.snapshot.LoadedSnapshot;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the store in a directory, whose lock is held: reads the MANIFEST, finds the end of the log,
 * cuts what is torn, and replays the records. Nothing is changed on the disk before all of it was
 * read and found sound.
 */
public final class Recovery {

  /** What a file system has that holds nothing else. */
  private static final String EMPTY_FILE_SYSTEM = "lost+found";

  /** Leaves more numbers than a store that is open can use up. */
  private static final long LAST_FILE_NUMBER_TO_BEGIN_AT = Location.MAX_FILE_NUMBER - (1 << 24);

  private final Disk disk;
  private final InstantSource clock;
  private final long segmentBytes;
  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private final List<String> findings = new ArrayList<>();
  private final List<String> removable = new ArrayList<>();
  private final List<Segment> opened = new ArrayList<>();

  private Recovery(Disk disk, InstantSource clock, long segmentBytes, List<String> removals) {
    this.disk = disk;
    this.clock = clock;
    this.segmentBytes = segmentBytes;
    this.startedAt = clock.instant();
    findings.addAll(removals);
  }

  /**
   * Opens the store, or creates it where there is nothing. When the disk is full it gives up {@link
   * SpareFiles} for the few files that an opening after a crash writes.
   *
   * @throws StoreUnavailableException when it is not a store, of a newer version, or damaged
   * @throws IOException when the disk fails, or is full also without the spare files
   */
  public static Recovered open(Disk disk, InstantSource clock, long segmentBytes)
      throws IOException {
    List<String> removals = new ArrayList<>();
    for (SpareFiles spare : SpareFiles.values()) {
      try {
        return new Recovery(disk, clock, segmentBytes, removals).run();
      } catch (DiskFullException _) {
        if (spare.remove(disk)) {
          removals.add(spare.finding());
        }
      }
    }
    return new Recovery(disk, clock, segmentBytes, removals).run();
  }

  private Recovered run() throws IOException {
    try {
      return disk.exists(FileNames.MANIFEST) ? recover() : create();
    } catch (DamagedSegmentException e) {
      closeAll();
      throw SegmentFiles.damaged(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      closeAll();
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
    for (String name : disk.directories()) {
      if (!name.equals(EMPTY_FILE_SYSTEM) && !name.startsWith(".")) {
        throw foreign(disk, name);
      }
    }
    for (String name : disk.list()) {
      boolean ours = name.equals(FileNames.LOCK) || name.equals(FileNames.MANIFEST_TEMPORARY);
      if (FileNames.segmentNumber(name).isPresent()
          || FileNames.isOfKeys(name)
          || FileNames.isSnapshot(name)) {
        throw SegmentFiles.damaged(disk.describe() + " holds segments, but no MANIFEST", null);
      }
      if (!ours && !name.startsWith(".")) {
        throw foreign(disk, name);
      }
    }
  }

  private static StoreUnavailableException foreign(Disk disk, String name) {
    return new StoreUnavailableException(
        FOREIGN,
        disk.describe()
            + " holds "
            + name
            + ", which is no part of a store. Choose an empty directory, or one that holds a store.",
        null);
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
    EntryTable table = table(manifest, new ShardedIndex());
    SegmentDirectory directory = directory(manifest, 1, 0);
    SegmentWriter active = directory.createLogSegment();
    opened.add(active.segment());
    table.segments().add(active.segment());
    RecoveryReport report = report(table, RecoveryReport.Outcome.CREATED, 0);
    return new Recovered(directory, table, active, 0, null, 0, report);
  }

  // ---- an existing one

  private Recovered recover() throws IOException {
    Manifest manifest = readManifest();
    SegmentFiles files = new SegmentFiles(disk, manifest.store());
    final long nextFileNumber = examineUnlisted(manifest, files);
    if (nextFileNumber > LAST_FILE_NUMBER_TO_BEGIN_AT) {
      throw SegmentFiles.damaged(
          FileNames.MANIFEST + " has used up the file numbers: the next one is " + nextFileNumber,
          null);
    }
    TreeMap<Long, SegmentEntry> entries = new TreeMap<>();
    manifest.segments().forEach(entry -> entries.put(entry.fileNumber(), entry));
    LoadedSnapshot snapshot = LoadedSnapshot.newest(disk, manifest, findings::add);
    LogEnds ends = new LogEnds(files, snapshot, findings, removable);
    if (!manifest.closed()) {
      ends.find(entries);
    }
    EntryTable table = table(manifest, snapshot == null ? new ShardedIndex() : snapshot.index());
    SegmentWriter resumed = openSegments(manifest, files, entries.values(), table.segments());
    Replay replay =
        new CatchUp(disk, manifest, snapshot, findings)
            .run(table, resumed == null ? null : resumed.segment());
    for (Segment segment : opened) {
      boolean goesOn = resumed != null && segment.equals(resumed.segment());
      entries.put(
          segment.fileNumber(), goesOn ? SegmentEntry.open(segment.fileNumber()) : entry(segment));
    }
    ends.giveBackSpace();
    ends.setTornAside();
    long lastSequence = Math.max(manifest.sequence(), replay.highestSequence());
    SegmentDirectory directory = directory(manifest, nextFileNumber, lastSequence);
    Segment copy = ends.copyUncertain(directory, opened);
    if (copy != null) {
      table.segments().add(copy);
      replay.add(copy, SegmentHeader.LENGTH);
      entries.put(copy.fileNumber(), entry(copy));
    }
    directory.list(entries.values());
    ValueFileSweep values = ValueFileSweep.of(disk, table);
    findings.addAll(values.findings());
    removable.addAll(values.removable());
    SegmentWriter active = activate(directory, table.segments(), resumed);
    findLeftoverSnapshots(snapshot);
    removeLeftovers();
    directory.forgetRetired();
    for (Segment segment : table.segments().all()) {
      if (segment != active.segment()) {
        segment.trim();
      }
    }
    RecoveryReport.Outcome outcome =
        manifest.closed() ? RecoveryReport.Outcome.CLEAN : RecoveryReport.Outcome.RECOVERED;
    RecoveryReport report = report(table, outcome, replay.records());
    return new Recovered(directory, table, active, lastSequence, snapshot, replay.bytes(), report);
  }

  /**
   * Opens all segments, before any is read: a record that replaces another one can lie in any of
   * them. Returns the one in which the log goes on, if it does.
   */
  private @Nullable SegmentWriter openSegments(
      Manifest manifest, SegmentFiles files, Collection<SegmentEntry> entries, SegmentSet segments)
      throws IOException {
    SegmentEntry last = manifest.closed() ? lastOfLog(manifest) : null;
    SegmentWriter resumed = null;
    for (SegmentEntry entry : entries) {
      if (entry.state() == Manifest.State.RETIRED) {
        continue;
      }
      Segment segment;
      if (last != null && entry.fileNumber() == last.fileNumber()) {
        resumed = files.resume(entry, segmentBytes);
        segment = resumed.segment();
      } else {
        segment = files.openSealed(entry);
      }
      opened.add(segment);
      segment.coverSequences(entry.lowestSequence(), entry.highestSequence());
    }
    segments.replace(List.of(), opened);
    return resumed;
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
      if (used < LAST_FILE_NUMBER_TO_BEGIN_AT) { // A greater one was never handed out.
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

  /** Snapshots that were never complete, and those that a newer one took the place of. */
  private void findLeftoverSnapshots(@Nullable LoadedSnapshot used) throws IOException {
    for (String name : disk.list()) {
      boolean complete = FileNames.snapshotSequence(name).isPresent();
      boolean replaced = complete && used != null && name.compareTo(used.name()) < 0;
      if (FileNames.isSnapshot(name) && (!complete || replaced)) {
        removable.add(name);
      }
    }
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

  private EntryTable table(Manifest manifest, Index index) {
    return new EntryTable(
        index,
        new SegmentSet(),
        new KeyHasher(manifest.hashSeed()),
        new ValueFiles(disk, manifest.store()));
  }

  private SegmentDirectory directory(Manifest manifest, long nextFileNumber, long lastSequence) {
    return new SegmentDirectory(
        disk, clock, segmentBytes, manifest, nextFileNumber, () -> lastSequence);
  }

  private RecoveryReport report(EntryTable table, RecoveryReport.Outcome outcome, long records) {
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
    return new RecoveryReport(startedAt, took, outcome, records, table.keys(), findings);
  }
}
