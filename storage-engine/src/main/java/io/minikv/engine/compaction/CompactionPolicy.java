package io.minikv.engine.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the segments that a compaction takes, and which of them together.
 *
 * <p>In the background a segment is taken as soon as a set part of it is dead. With the ratio r no
 * complete segment is then ever larger than its live records / (1 - r), whether all of them decay
 * alike or some faster than others; so that a store takes at most live / (1 - r), the active
 * segment, and what one group writes before its inputs go. That is bounded in proportion to the
 * live data, as long as compactions keep up with the writes.
 *
 * <p>Oldest records first: tombstones can go when no older record of their key is left.
 */
final class CompactionPolicy {

  /** A segment is small when it has less than this part of the size at which segments end. */
  private static final int SMALL_PART = 8;

  /** So many small segments are worth one that is not. */
  private static final int SMALL_TO_MERGE = 4;

  /** A group writes at most so many segments. */
  private static final int MOST_OUTPUT_SEGMENTS = 4;

  /** Large segments make smaller groups: what is to be moved is remembered in memory. */
  private static final long MOST_OUTPUT_BYTES = 128L << 20;

  /** In the background a group writes at most this part of the live data, and one segment. */
  private static final int OUTPUT_PART = 8;

  /** So many segments a group takes at most, so that those without anything live go soon. */
  private static final int MOST_INPUTS = 16;

  private static final Comparator<SegmentWeight> OLDEST_FIRST =
      Comparator.comparingLong(SegmentWeight::lowestSequence)
          .thenComparingLong(SegmentWeight::fileNumber);

  private final CompactionSettings settings;

  CompactionPolicy(CompactionSettings settings) {
    this.settings = settings;
  }

  /** Those of all complete segments that are worth a run in the background. */
  List<SegmentWeight> due(List<SegmentWeight> complete) {
    if (complete.size() < settings.threshold()) {
      return List.of();
    }
    return choose(complete, settings.deadRatio(), SMALL_TO_MERGE);
  }

  /** Those of all complete segments that have anything to give back. */
  List<SegmentWeight> reclaimable(List<SegmentWeight> complete) {
    return choose(complete, 0, 2);
  }

  /** Those of all complete segments whose live records lie in the order of their writes. */
  List<SegmentWeight> scattered(List<SegmentWeight> complete) {
    return complete.stream().filter(each -> !each.inKeyOrder() && each.keptBytes() > 0).toList();
  }

  private List<SegmentWeight> choose(List<SegmentWeight> complete, double ratio, int smallOnes) {
    boolean merges = complete.stream().filter(this::isSmall).count() >= smallOnes;
    return complete.stream()
        .filter(
            each -> (each.hasSomethingToGive() && each.isDead(ratio)) || (merges && isSmall(each)))
        .toList();
  }

  private boolean isSmall(SegmentWeight segment) {
    return segment.bytes() < settings.segmentBytes() / SMALL_PART;
  }

  /** How much a group in the background writes at most. */
  long outputInBackground(List<SegmentWeight> complete) {
    long kept = complete.stream().mapToLong(SegmentWeight::keptBytes).sum();
    return Math.clamp(kept / OUTPUT_PART, settings.segmentBytes(), outputOnDemand());
  }

  /** How much a group writes at most when everything is to come back. */
  long outputOnDemand() {
    long several = Math.min(MOST_OUTPUT_SEGMENTS * settings.segmentBytes(), MOST_OUTPUT_BYTES);
    return Math.max(several, settings.segmentBytes());
  }

  /**
   * The next segments to be taken together.
   *
   * @param outputBytes how much they write at most, unless a single one writes more
   * @param spaceBytes how much can be written in any case
   * @return nothing when none fits, or taking any would give nothing
   */
  List<SegmentWeight> group(List<SegmentWeight> chosen, long outputBytes, long spaceBytes) {
    List<SegmentWeight> candidates =
        new ArrayList<>(chosen.stream().filter(each -> each.spaceBytes() <= spaceBytes).toList());
    candidates.sort(OLDEST_FIRST);
    while (!candidates.isEmpty()) {
      List<SegmentWeight> group = fill(candidates, Math.min(outputBytes, spaceBytes));
      SegmentWeight first = group.getFirst();
      if (group.size() > 1 || first.hasSomethingToGive() || !isSmall(first)) {
        return group;
      }
      candidates.removeFirst(); // A small segment, and none that it could be merged with.
    }
    return List.of();
  }

  private static List<SegmentWeight> fill(List<SegmentWeight> candidates, long mostBytes) {
    List<SegmentWeight> group = new ArrayList<>();
    long kept = 0;
    for (SegmentWeight each : candidates) {
      boolean fits = group.isEmpty() || kept + each.spaceBytes() <= mostBytes;
      if (fits && group.size() < MOST_INPUTS) {
        group.add(each);
        kept += each.spaceBytes();
      }
    }
    return group;
  }
}
