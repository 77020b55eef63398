package io.minikv.engine.snapshot;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.index.Index;
import io.minikv.engine.index.IndexCopy;
import io.minikv.engine.io.Disk;
import io.minikv.engine.segment.Location;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Index snapshots of entries that a test makes up. */
final class WrittenSnapshot {

  static final StoreId STORE = new StoreId(1, 2);
  static final long SEQUENCE = 34;

  /** The segment that entries lie in. */
  static final long SEGMENT = 4;

  private WrittenSnapshot() {}

  /** One of {@link #SEQUENCE} whose segment is covered to behind its last entry. */
  static void write(Disk disk, long... pairs) throws IOException {
    write(disk, header(SEQUENCE, pairs.length / 2, 1), List.of(covered(SEGMENT, pairs)), pairs);
  }

  /** Writes one and gives it its name. */
  static void write(Disk disk, SnapshotHeader header, List<SnapshotSegment> segments, long... pairs)
      throws IOException {
    try (SnapshotWriter writer = SnapshotWriter.create(disk, header, segments)) {
      addInParts(writer, pairs);
      writer.finish();
    }
    disk.rename(
        FileNames.snapshotTemporary(header.sequence()), FileNames.snapshot(header.sequence()));
  }

  /** As many at a time as a shard may have: they neither begin nor end with blocks. */
  private static void addInParts(SnapshotWriter writer, long[] pairs) throws IOException {
    int part = 1;
    for (int from = 0; from < pairs.length; part = part * 3 % 10_007) {
      int to = Math.min(pairs.length, from + 2 * part);
      writer.add(Arrays.copyOfRange(pairs, from, to), (to - from) / 2);
      from = to;
    }
  }

  static SnapshotHeader header(long sequence, long keys, int segments) {
    return new SnapshotHeader(STORE, 99, sequence, 5_000, keys, segments);
  }

  /** A segment of which so many entries are covered, whatever else is in it. */
  static SnapshotSegment covered(long fileNumber, long[] pairs) {
    long end = SegmentHeader.LENGTH + 8L * (pairs.length / 2);
    return new SnapshotSegment(fileNumber, end, 800, 500, 1, 20);
  }

  /** Where the entry of a number lies in {@link #SEGMENT}. */
  static long location(int entry) {
    return Location.of(SEGMENT, SegmentHeader.LENGTH + 8L * entry);
  }

  /** Entries of these hashes, in their order, one behind the other in {@link #SEGMENT}. */
  static long[] pairs(LongStream hashes) {
    long[] sorted =
        hashes
            .map(hash -> hash ^ Long.MIN_VALUE)
            .sorted()
            .map(hash -> hash ^ Long.MIN_VALUE)
            .toArray();
    long[] pairs = new long[2 * sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      pairs[2 * i] = sorted[i];
      pairs[2 * i + 1] = location(i);
    }
    return pairs;
  }

  /** All entries of an index in the order of their hashes. */
  static long[] entries(Index index) {
    long[] entries = new long[Math.toIntExact(2 * index.size())];
    IndexCopy copy = index.beginCopy();
    int end = 0;
    while (copy.take()) {
      System.arraycopy(copy.entries(), 0, entries, end, 2 * copy.count());
      end += 2 * copy.count();
    }
    index.endCopy();
    return entries;
  }
}
