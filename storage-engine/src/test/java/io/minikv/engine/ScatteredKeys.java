package io.minikv.engine;

import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.SegmentStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;

/**
 * Keys that lie by turns in a complete segment and in the active one, so that scans pay for a
 * compaction into the order of keys, and the active segment is ended for it. Nothing of them is
 * dead: no other compaction in the background takes them.
 *
 * @param keys all that the store holds
 * @param segmentBytes the size at which its segments end
 */
record ScatteredKeys(SortedSet<Key> keys, long segmentBytes) {

  /** Of the size of a segment both batches take less than so much. */
  private static final double TAKEN_PART = 2;

  /** What each value pays for that is read from elsewhere. */
  private static final int BYTES_PER_READ = 16;

  /** So much of a segment is worth that the active one is ended. */
  private static final double WORTHWHILE_PART = 0.3;

  /** Fills a segment. */
  List<Mutation> firstBatch(Random random) {
    return everyOther(0, 1.0, random);
  }

  /** Goes into the next one, which stays the active one. */
  List<Mutation> secondBatch(Random random) {
    return everyOther(1, WORTHWHILE_PART, random);
  }

  /** Values that cannot be compressed, and do not expire; together such a part of a segment. */
  private List<Mutation> everyOther(int first, double part, Random random) {
    int length = (int) (2 * part * segmentBytes / keys.size());
    List<Mutation> puts = new ArrayList<>();
    int at = 0;
    for (Key key : keys) {
      if (at++ % 2 == first) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        puts.add(Mutation.Put.of(key, Value.wrap(value)));
      }
    }
    return puts;
  }

  /** Reads all values again and again. */
  void scanOften(SegmentedStore store) {
    double reads = TAKEN_PART * segmentBytes / BYTES_PER_READ;
    for (long read = 0; read < reads; read += keys.size() - 1) {
      try (Cursor cursor = store.scan(KeyRange.all(), ScanOptions.DEFAULT.limitedTo(keys.size()))) {
        while (cursor.next()) {
          // What is found ahead is what is paid for.
        }
      }
    }
  }

  static long activeSegment(SegmentedStore store) {
    return store.statistics().segments().stream()
        .filter(SegmentStatistics::active)
        .findFirst()
        .orElseThrow()
        .number();
  }

  static boolean isThere(SegmentedStore store, long segment) {
    return store.statistics().segments().stream().anyMatch(each -> each.number() == segment);
  }
}
