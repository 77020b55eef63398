package io.minikv.engine;

import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds a store that was opened with an index snapshot, and from key files, against the same store
 * opened from its logs alone: all figures must be the same. Counts what it met.
 *
 * <p>Thread-safe.
 */
final class SnapshotProof {

  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong unfinished = new AtomicLong();
  private final AtomicLong replaced = new AtomicLong();
  private final AtomicLong outlived = new AtomicLong();
  private final AtomicLong fromKeyFiles = new AtomicLong();

  /** Compares what an image gives with and without its snapshots and key files. */
  void check(DiskImage image, Function<SimulatedDisk, SegmentedStore> opening) {
    List<String> names = image.names().stream().filter(FileNames::isSnapshot).toList();
    DiskImage withKeys = without(image, FileNames::isSnapshot);
    DiskImage bare = without(withKeys, name -> FileNames.keysNumber(name).isPresent());
    if (bare.names().size() == image.names().size()) {
      return;
    }
    StoreStatistics logs = statistics(bare, opening);
    if (bare.names().size() < withKeys.names().size()) {
      StoreStatistics keys = statistics(withKeys, opening);
      requireSame("from key files", keys, logs);
      if (keys.recovery().records() < logs.recovery().records()) {
        fromKeyFiles.incrementAndGet();
      }
    }
    if (!names.isEmpty()) {
      compared.incrementAndGet();
      count(image, names);
      StoreStatistics snapshot = statistics(image, opening);
      requireSame("with the snapshot", snapshot, logs);
      if (snapshot.recovery().records() < logs.recovery().records()) {
        used.incrementAndGet();
      }
    }
  }

  private static DiskImage without(DiskImage image, Predicate<String> unwanted) {
    DiskImage rest = image;
    for (String name : image.names().stream().filter(unwanted).toList()) {
      rest = rest.without(name);
    }
    return rest;
  }

  private static void requireSame(String how, StoreStatistics with, StoreStatistics logs) {
    requireSame("keys " + how, with.keys(), logs.keys());
    requireSame("bytes of values " + how, with.liveValueBytes(), logs.liveValueBytes());
    requireSame("live bytes " + how, with.liveBytes(), logs.liveBytes());
    if (sizes(with).equals(sizes(logs))) { // Else a torn end was found elsewhere.
      requireSame("segments " + how, with.segments(), logs.segments());
    }
  }

  private static StoreStatistics statistics(
      DiskImage image, Function<SimulatedDisk, SegmentedStore> opening) {
    try (SegmentedStore store = opening.apply(SimulatedDisk.from(image))) {
      return store.statistics();
    }
  }

  private static List<Long> sizes(StoreStatistics statistics) {
    return statistics.segments().stream().map(SegmentStatistics::sizeBytes).toList();
  }

  private static void requireSame(String what, Object with, Object logs) {
    if (!with.equals(logs)) {
      throw new AssertionError("%s: %s, but %s from the logs".formatted(what, with, logs));
    }
  }

  private void count(DiskImage image, List<String> names) {
    List<String> complete =
        names.stream().filter(name -> FileNames.snapshotSequence(name).isPresent()).toList();
    if (complete.size() < names.size()) {
      unfinished.incrementAndGet();
    }
    if (complete.size() > 1) {
      replaced.incrementAndGet();
    }
    if (!complete.isEmpty() && coversWhatIsGone(image, complete.getLast())) {
      outlived.incrementAndGet();
    }
  }

  private static boolean coversWhatIsGone(DiskImage image, String name) {
    byte[] bytes = image.bytes(name);
    try {
      SnapshotHeader header = SnapshotHeader.decode(bytes, bytes.length);
      FileIdentity identity = header.identity();
      byte[] list = Arrays.copyOfRange(bytes, SnapshotHeader.LENGTH, (int) header.blocksAt());
      Set<Long> live =
          Manifest.decode(image.bytes(FileNames.MANIFEST)).segments().stream()
              .filter(entry -> entry.state() != Manifest.State.RETIRED)
              .map(Manifest.SegmentEntry::fileNumber)
              .collect(Collectors.toSet());
      return SnapshotSegment.decode(list, identity, SnapshotHeader.LENGTH).stream()
          .anyMatch(segment -> segment.liveBytes() > 0 && !live.contains(segment.fileNumber()));
    } catch (FormatException e) {
      throw new AssertionError(name + " was named before it was whole", e);
    }
  }

  /** How many stores were compared. */
  long compared() {
    return compared.get();
  }

  /** How many were opened with a snapshot that saved reading records. */
  long used() {
    return used.get();
  }

  /** How many held a snapshot that was not complete. */
  long unfinished() {
    return unfinished.get();
  }

  /** How many held two complete ones. */
  long replaced() {
    return replaced.get();
  }

  /** In how many a compaction had taken segments away since the snapshot. */
  long outlived() {
    return outlived.get();
  }

  /** How many were opened from key files that saved reading records. */
  long fromKeyFiles() {
    return fromKeyFiles.get();
  }

  @Override
  public String toString() {
    return ("%d with snapshots: %d used, %d unfinished, %d being replaced, %d older than a compaction;"
            + " %d opened from key files")
        .formatted(compared(), used(), unfinished(), replaced(), outlived(), fromKeyFiles());
  }
}
