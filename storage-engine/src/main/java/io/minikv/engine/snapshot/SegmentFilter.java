package io.minikv.engine.snapshot;

import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.segment.Location;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Which entries of a snapshot point to a segment that is live still. Immutable. */
final class SegmentFilter {

  private final long[] numbers;
  private final long[] ends;
  private final boolean[] live;

  SegmentFilter(List<SnapshotSegment> segments, Set<Long> liveNumbers) {
    List<SnapshotSegment> sorted =
        segments.stream().sorted(Comparator.comparingLong(SnapshotSegment::fileNumber)).toList();
    this.numbers = sorted.stream().mapToLong(SnapshotSegment::fileNumber).toArray();
    this.ends = sorted.stream().mapToLong(SnapshotSegment::coveredEnd).toArray();
    this.live = new boolean[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      live[i] = liveNumbers.contains(numbers[i]);
    }
  }

  /**
   * Whether a location lies in a live segment.
   *
   * @throws FormatException when the snapshot does not cover it
   */
  boolean isLive(long location) throws FormatException {
    int at = Arrays.binarySearch(numbers, Location.fileNumber(location));
    long offset = Location.offset(location);
    if (location < 0 || at < 0 || offset < SegmentHeader.LENGTH || offset >= ends[at]) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has an entry that points to what it does not cover");
    }
    return live[at];
  }
}
