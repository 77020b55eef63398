package io.minikv.engine.compaction;

import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Chooses what is compacted next in a store, by what its segments weigh, how much space there is,
 * and what was found out by the compactions before. The rules of the choice are those of {@link
 * CompactionPolicy}. For one thread at a time.
 */
final class GroupChoice {

  /** So much is left for a MANIFEST, and the ends of segments that are allocated ahead. */
  private static final long LEAST_SPACE = 8 << 10;

  private static final long MOST_SPACE_AHEAD = 4 << 20;

  private final StoreAccess store;
  private final Supplier<Segment> activeSegment;
  private final Executor background;
  private final ScatteredReads scatteredReads;
  private final CompactionSettings settings;
  private final Runnable checkNotCancelled;
  private final Runnable awaitKeyFiles;
  private final CompactionPolicy policy;
  private final HeldBack heldBack = new HeldBack();
  private final Scales scales;

  /** Segments that cannot be compacted, by their number. */
  private final Set<Long> damaged = new HashSet<>();

  /**
   * For a store.
   *
   * @param activeSegment the segment that is written, read under the lock of the writers
   * @param background finishes ended segments; what it was given before is waited for
   * @param scatteredReads what scans pay for records in the order of their keys
   * @param checkNotCancelled throws when there is no point in going on
   * @param awaitKeyFiles waits for the key files of what was written last
   */
  GroupChoice(
      StoreAccess store,
      Supplier<Segment> activeSegment,
      Executor background,
      ScatteredReads scatteredReads,
      CompactionSettings settings,
      Runnable checkNotCancelled,
      Runnable awaitKeyFiles) {
    this.store = store;
    this.activeSegment = activeSegment;
    this.background = background;
    this.scatteredReads = scatteredReads;
    this.settings = settings;
    this.checkNotCancelled = checkNotCancelled;
    this.awaitKeyFiles = awaitKeyFiles;
    this.policy = new CompactionPolicy(settings);
    this.scales = new Scales(store.clock(), heldBack, store.table().values(), store.keyFiles());
  }

  // ---- in the background

  /**
   * The next group that is due; it is chosen anew each time, as segments decay meanwhile.
   *
   * @param expected is told what it will be, as far as can be said before key files are waited for
   */
  List<SegmentWeight> due(CompactionRun run, Consumer<List<SegmentWeight>> expected)
      throws IOException {
    heldBack.release(store.table().segments());
    List<SegmentWeight> complete = weigh(completeSegments());
    List<SegmentWeight> due = policy.due(complete);
    long outputBytes = policy.outputInBackground(complete);
    expected.accept(policy.group(due, outputBytes, Long.MAX_VALUE));
    List<SegmentWeight> group = group(run, due, outputBytes);
    return group.isEmpty() && scatteredReads.isDue() ? scattered(run, complete) : group;
  }

  /**
   * What scans have paid for is copied into the order of its keys. The active segment is ended for
   * it when no other one is out of order.
   */
  private List<SegmentWeight> scattered(CompactionRun run, List<SegmentWeight> complete)
      throws IOException {
    List<SegmentWeight> scattered = policy.scattered(complete);
    long active = store.pipeline().underLock(() -> activeSegment.get().end());
    if (scattered.isEmpty() && scatteredReads.isWorthwhile(active)) {
      store.pipeline().roll();
      scattered = policy.scattered(weigh(completeSegments()));
    }
    List<SegmentWeight> group = group(run, scattered, policy.outputInBackground(complete));
    long keptBytes = group.stream().mapToLong(SegmentWeight::keptBytes).sum();
    return scatteredReads.pay(keptBytes) ? group : List.of();
  }

  /**
   * How much more the store may take on the disk when a group was copied, before its inputs go.
   *
   * @return negative when it takes more than it should
   */
  long bytesLeft(List<SegmentWeight> group) {
    long output = group.stream().mapToLong(SegmentWeight::spaceBytes).sum();
    return scales.bytesLeft(store.table(), settings.segmentBytes()) - output;
  }

  // ---- on demand

  /** All segments that have anything to give back. */
  List<SegmentWeight> reclaimable() throws IOException {
    heldBack.release(store.table().segments());
    return policy.reclaimable(weigh(completeSegments()));
  }

  /** Those of them in which something had to stay, because of others that have gone since. */
  List<SegmentWeight> released() throws IOException {
    Set<Long> released = heldBack.release(store.table().segments());
    if (released.isEmpty()) {
      return List.of();
    }
    List<Segment> segments = new ArrayList<>(completeSegments());
    segments.removeIf(segment -> !released.contains(segment.fileNumber()));
    return policy.reclaimable(weigh(segments));
  }

  /** The next group of those that were chosen. */
  List<SegmentWeight> onDemand(CompactionRun run, List<SegmentWeight> chosen) throws IOException {
    return group(run, chosen, policy.outputOnDemand());
  }

  /** Some of a group, which together take half of its space. */
  List<SegmentWeight> half(List<SegmentWeight> group) {
    long half = group.stream().mapToLong(SegmentWeight::spaceBytes).sum() / 2;
    return policy.group(group, half, half);
  }

  // ---- groups

  private List<SegmentWeight> group(CompactionRun run, List<SegmentWeight> chosen, long outputBytes)
      throws IOException {
    if (chosen.isEmpty()) {
      return List.of();
    }
    awaitKeyFiles.run(); // Those of the last group take their space before the rest is measured.
    long space = spaceBytes();
    List<SegmentWeight> group = policy.group(chosen, outputBytes, space);
    if (group.isEmpty() && chosen.stream().allMatch(each -> each.spaceBytes() > space)) {
      run.ranOutOfSpace("only " + space + " bytes can be used", null);
    }
    return group;
  }

  /** How much the records of a group may take on the disk as it is now. */
  private long spaceBytes() throws IOException {
    long ahead = Math.min(settings.segmentBytes(), MOST_SPACE_AHEAD);
    return Math.max(0, store.directory().disk().freeBytes() - LEAST_SPACE - ahead);
  }

  /** Notes what a group had to keep. */
  void note(CompactionGroup group) {
    group.noteHeldBack(heldBack);
  }

  /** Leaves a segment out from now on, as it is damaged. */
  void leaveOut(long fileNumber) {
    damaged.add(fileNumber);
  }

  /** Damaged segments are tried again. */
  void forgetDamage() {
    damaged.clear();
  }

  // ---- segments

  /**
   * All segments but the one that is written, and damaged ones. All their records are visible, and
   * their ending, which was given to the background before they counted as complete, is over.
   */
  private List<Segment> completeSegments() {
    List<Segment> segments =
        store
            .pipeline()
            .underLock(() -> {
              long active = activeSegment.get().fileNumber();
              return store.table().segments().all().stream()
                  .filter(segment -> segment.fileNumber() != active)
                  .filter(segment -> !damaged.contains(segment.fileNumber()))
                  .toList();
            });
    CompletableFuture.runAsync(() -> {}, background).join();
    return segments;
  }

  private List<SegmentWeight> weigh(Collection<Segment> segments) throws IOException {
    List<SegmentWeight> weights = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      checkNotCancelled.run();
      weights.add(scales.weigh(segment));
    }
    return weights;
  }

  /** What a group passes of its inputs; what goes beside them, such as value files, is not read. */
  long bytesToPass(List<SegmentWeight> chosen) {
    return segments(chosen).stream().mapToLong(Segment::end).sum();
  }

  List<Segment> segments(List<SegmentWeight> chosen) {
    return chosen.stream().map(each -> store.table().segments().get(each.fileNumber())).toList();
  }
}
