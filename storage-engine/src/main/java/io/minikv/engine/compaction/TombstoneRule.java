package io.minikv.engine.compaction;

import io.minikv.domain.Key;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether a tombstone, or an expired put, may be left out of a compaction: only when no
 * segment but those that are compacted holds an older record of its key, which would come back.
 * File order is not age order, so that all others are asked, whatever their number.
 *
 * <p>For one compaction of some segments, on one thread.
 */
final class TombstoneRule {

  private final OlderRecords older;
  private final Collection<Segment> others;

  /** The lowest sequence number of the others when they were last asked. */
  private final Map<Segment, Long> lowestSequences = new HashMap<>();

  private final Set<Long> blockers = new HashSet<>();
  private long highestDropped;

  /** For a compaction that leaves these segments out, the one that is written among them. */
  TombstoneRule(OlderRecords older, Collection<Segment> others) {
    this.older = older;
    this.others = others;
    others.forEach(other -> lowestSequences.put(other, other.lowestSequence()));
  }

  /** Whether the record of that version may go. */
  boolean mayGo(Key key, long hash, long version) throws IOException {
    for (Segment other : others) {
      if (isOlder(other.lowestSequence(), version) && older.mayHold(other, key, hash, version)) {
        blockers.add(other.fileNumber());
        return false;
      }
    }
    highestDropped = Math.max(highestDropped, version);
    return true;
  }

  /**
   * Whether all that may go still may, with the segments that are left out now: none of those that
   * came since has older records.
   */
  boolean stillHolds(Collection<Segment> othersNow) {
    for (Segment other : othersNow) {
      long lowest = other.lowestSequence();
      Long known = lowestSequences.get(other);
      if ((known == null || known != lowest) && isOlder(lowest, highestDropped)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOlder(long lowestSequence, long version) {
    return lowestSequence != 0 && lowestSequence < version;
  }

  /** Segments because of which something may not go. */
  Set<Long> blockers() {
    return Set.copyOf(blockers);
  }
}
