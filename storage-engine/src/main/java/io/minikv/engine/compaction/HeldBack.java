package io.minikv.engine.compaction;

import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which segments hold tombstones and expired records that had to be copied, because of older
 * records in others. To compact them again would give nothing before those are gone. It is not
 * known after a restart: then one compaction finds it out again.
 *
 * <p>For one thread at a time.
 */
final class HeldBack {

  /** What a segment holds, and because of which others. */
  private record Hold(long bytes, Set<Long> blockers) {}

  private final Map<Long, Hold> holds = new HashMap<>();

  void add(long fileNumber, long bytes, Set<Long> blockers) {
    holds.put(fileNumber, new Hold(bytes, blockers));
  }

  /** How many bytes of a segment it would be useless to try again. */
  long bytes(Segment segment) {
    Hold hold = holds.get(segment.fileNumber());
    return hold == null ? 0 : hold.bytes();
  }

  /** Forgets what is not held back any more; returns the segments in which that is so. */
  Set<Long> release(SegmentSet segments) {
    Set<Long> present = numbers(segments.all());
    holds.keySet().retainAll(present);
    Set<Long> released =
        holds.entrySet().stream()
            .filter(each -> each.getValue().blockers().stream().noneMatch(present::contains))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    holds.keySet().removeAll(released);
    return released;
  }

  private static Set<Long> numbers(Collection<Segment> segments) {
    return segments.stream().map(Segment::fileNumber).collect(Collectors.toSet());
  }
}
