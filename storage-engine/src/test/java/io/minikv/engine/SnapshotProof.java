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
import java.util.stream.Collectors;

/**
 * Holds a store that was opened with an index snapshot against the same store opened without: all
 * figures must be the same. Counts what kinds of snapshots it met.
 *
 * <p>Thread-safe.
 */
final class SnapshotProof {

  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong unfinished = new AtomicLong();
  private final AtomicLong replaced = new AtomicLong();
  private final AtomicLong outlived = new AtomicLong();

  /** Compares what an image gives with and without its snapshots. */
  void check(DiskImage image, Function<SimulatedDisk, SegmentedStore> opening) {
    List<String> names = image.names().stream().filter(FileNames::isSnapshot).toList();
    if (names.isEmpty()) {
      return;
    }
    compared.incrementAndGet();
    count(image, names);
    DiskImage bare = image;
    for (String name : names) {
      bare = bare.without(name);
    }
    StoreStatistics with = statistics(image, opening);
    StoreStatistics without = statistics(bare, opening);
    if (with.recovery().records() < without.recovery().records()) {
      used.incrementAndGet();
    }
    requireSame("keys", with.keys(), without.keys());
    requireSame("bytes of values", with.liveValueBytes(), without.liveValueBytes());
    requireSame("live bytes", with.liveBytes(), without.liveBytes());
    if (sizes(with).equals(sizes(without))) { // Else a torn end was found elsewhere.
      requireSame("segments", with.segments(), without.segments());
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

  private static void requireSame(String what, Object with, Object without) {
    if (!with.equals(without)) {
      throw new AssertionError(
          "%s: %s with the snapshot, but %s without".formatted(what, with, without));
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

  @Override
  public String toString() {
    return "%d with snapshots: %d used, %d unfinished, %d being replaced, %d older than a compaction"
        .formatted(compared(), used(), unfinished(), replaced(), outlived());
  }
}
