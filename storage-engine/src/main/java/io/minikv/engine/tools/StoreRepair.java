package io.minikv.engine.tools;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.engine.checkpoint.StoreCopy;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.tools.StoreFiles.LiveSegment;
import io.minikv.engine.values.ValueFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Saves what is left of a damaged store: of each key the newest record that can be found, unless
 * that is a tombstone, or its value is damaged: an older value never takes its place silently.
 *
 * <p>The keys are looked at in as many passes as the memory asks for: a pass takes those of one
 * share of the hashes, and needs about {@value #BYTES_PER_KEY} bytes for each of them, and the key.
 *
 * <p>For one thread.
 */
public final class StoreRepair {

  private static final int BYTES_PER_KEY = 160;

  /**
   * So many numbers are left out behind the greatest that is known: records that were lost may have
   * had some of them.
   */
  static final long SKIPPED_SEQUENCES = 1L << 32;

  private final StoreFiles store;
  private final ProgressListener listener;
  private final long memoryBytes;
  private final DamageList damages = new DamageList();
  private final List<Source> sources = new ArrayList<>();
  private long records;
  private long keyBytes;
  private long highestSequence;
  private long saved;
  private long doneBytes;
  private long totalBytes;

  private StoreRepair(StoreFiles store, ProgressListener listener, long memoryBytes) {
    this.store = store;
    this.listener = listener;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Saves a store.
   *
   * @param copy where to; it is finished here
   * @param memoryBytes how much memory may be used for keys
   */
  public static RepairReport repair(
      StoreFiles store, StoreCopy copy, long nowMillis, long memoryBytes, ProgressListener listener)
      throws IOException {
    return new StoreRepair(store, listener, memoryBytes).run(new SavedStore(copy, nowMillis));
  }

  /** A segment to save from, with the places of it that belong to batches that never ended. */
  private record Source(LiveSegment segment, FileIdentity identity, long end) {}

  private RepairReport run(SavedStore target) throws IOException {
    store
        .manifestProblem()
        .ifPresent(problem ->
            damages.add(
                FileNames.MANIFEST,
                0,
                0,
                problem.getMessage()
                    + "; all segments were used, so that an entry that was deleted may be there again"));
    findSources();
    long passes = 1 + (records * BYTES_PER_KEY + keyBytes) / Math.max(1, memoryBytes);
    totalBytes = passes * sources.stream().mapToLong(Source::end).sum();
    try {
      for (long pass = 0; pass < passes; pass++) {
        saveShare(pass, passes, target);
      }
      long known = store.manifest().map(Manifest::sequence).orElse(0L);
      target.finish(Math.max(known, highestSequence) + (damages.isEmpty() ? 0 : SKIPPED_SEQUENCES));
    } catch (IOException | RuntimeException e) {
      target.abandon();
      throw e;
    }
    return new RepairReport(saved, damages.all());
  }

  // ---- what there is

  private void findSources() throws IOException {
    boolean followed = false;
    for (LiveSegment segment : store.segments().reversed()) {
      if (!segment.isThere()) {
        damages.add(
            segment.name(), 0, segment.end().orElse(0L), "is missing: what it held is lost");
        continue;
      }
      Optional<FileIdentity> identity = store.identity(segment.number());
      if (identity.isEmpty()) {
        damages.add(
            segment.name(),
            0,
            segment.size(),
            "cannot be read: neither a MANIFEST nor a header tells which store it belongs to");
        continue;
      }
      followed |= survey(segment, identity.get(), followed);
    }
  }

  private boolean survey(LiveSegment segment, FileIdentity identity, boolean followed)
      throws IOException {
    try (DiskFile file = store.disk().open(segment.name(), Disk.Access.READ)) {
      store
          .headerProblem(file, segment.number())
          .ifPresent(problem ->
              damages.add(
                  segment.name(), 0, Math.min(SegmentHeader.LENGTH, segment.size()), problem));
      Survey survey = new Survey(segment, !followed && segment.end().isEmpty());
      new FrameFile(file, identity, segment.limit()).visit(survey);
      survey.end();
      sources.addFirst(new Source(segment, identity, survey.usableEnd));
      return survey.written;
    }
  }

  /** Counts the records of a segment, and tells of what is between them. */
  private final class Survey implements FrameFile.Visitor {

    private final LiveSegment segment;
    private final boolean isLogEnd;
    private boolean written;
    private boolean inBatch;
    private long batchOffset;
    private long usableEnd;

    Survey(LiveSegment segment, boolean isLogEnd) {
      this.segment = segment;
      this.isLogEnd = isLogEnd;
      this.usableEnd = segment.limit();
    }

    @Override
    public void onFrame(long offset, FrameHead head) {
      written = true;
      highestSequence = Math.max(highestSequence, head.sequence());
      if (!inBatch) {
        batchOffset = offset;
      }
      inBatch = head.continues();
      if (head.isRecord()) {
        records++;
        keyBytes += head.keyLength();
      }
    }

    @Override
    public void onGap(long from, long to, boolean zeros) {
      boolean unused = zeros && segment.end().isEmpty() && to == segment.size();
      boolean atLogEnd = isLogEnd && to == segment.size();
      if (!unused) {
        written = true;
        damages.add(
            segment.name(),
            from,
            to - from,
            atLogEnd
                ? "ends with bytes that are no intact record: a write that a crash cut short, or damage"
                : "has no intact record there: keys in it are lost, or have an older value now");
      }
      endBatch(atLogEnd);
    }

    void end() {
      endBatch(isLogEnd);
      long end = segment.end().orElse(0L);
      if (segment.size() < end) {
        damages.add(segment.name(), segment.size(), end - segment.size(), "has lost its end");
      }
    }

    /** A batch that lost its end never happened when it was the last write; else it did. */
    private void endBatch(boolean atLogEnd) {
      if (!inBatch) {
        return;
      }
      inBatch = false;
      if (atLogEnd) {
        usableEnd = batchOffset;
      }
      damages.add(
          segment.name(),
          batchOffset,
          0,
          atLogEnd
              ? "ends within a batch, which was cut short by a crash and was left out"
              : "has a batch that lost a part; what is left of it was saved");
    }
  }

  // ---- saving

  /**
   * The newest record of a key that was found so far.
   *
   * @param whole whether its value is whole
   */
  private record Newest(int source, long offset, long sequence, boolean put, boolean whole) {

    boolean isBetterThan(Newest other) {
      return sequence != other.sequence ? sequence > other.sequence : whole && !other.whole;
    }
  }

  private void saveShare(long share, long shares, SavedStore target) throws IOException {
    Map<Key, Newest> newest = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(i);
      try (DiskFile file = store.disk().open(source.segment().name(), Disk.Access.READ)) {
        FrameFile frames = new FrameFile(file, source.identity(), source.end());
        frames.visit(new Share(i, frames, share, shares, newest));
      }
      doneBytes += source.end();
      listener.onProgress(Math.min(doneBytes, totalBytes), totalBytes);
    }
    save(newest, target);
  }

  /** Finds the newest records of one share of the keys. */
  private final class Share implements FrameFile.Visitor {

    private final int source;
    private final FrameFile frames;
    private final RecordCheck check;
    private final long share;
    private final long shares;
    private final Map<Key, Newest> newest;

    Share(int source, FrameFile frames, long share, long shares, Map<Key, Newest> newest) {
      this.source = source;
      this.frames = frames;
      this.check = new RecordCheck(store.disk(), sources.get(source).identity().store());
      this.share = share;
      this.shares = shares;
      this.newest = newest;
    }

    @Override
    public void onFrame(long offset, FrameHead head) throws IOException {
      if (!head.isRecord()) {
        return;
      }
      Key key = head.key();
      if (Math.floorMod((long) key.hashCode(), shares) != share) {
        return;
      }
      boolean lacksFile = check.lacksValueFile(head);
      Optional<String> problem = lacksFile ? Optional.empty() : check.problem(frames, offset, head);
      Newest found =
          new Newest(
              source,
              offset,
              head.sequence(),
              head.type() == Frame.TYPE_PUT,
              problem.isEmpty() && !lacksFile);
      newest.merge(key, found, (a, b) -> b.isBetterThan(a) ? b : a);
      if (problem.isPresent()) {
        damages.add(
            sources.get(source).segment().name(),
            offset,
            head.frameLength(),
            Optional.of(key),
            problem.get());
      }
    }

    @Override
    public void onGap(long from, long to, boolean zeros) {
      // The survey told of it.
    }
  }

  private void save(Map<Key, Newest> newest, SavedStore target) throws IOException {
    for (int i = 0; i < sources.size(); i++) {
      int number = i;
      List<Newest> ofSource =
          newest.values().stream()
              .filter(each -> each.source == number && each.put && each.whole)
              .sorted((a, b) -> Long.compare(a.offset, b.offset))
              .toList();
      save(sources.get(i), ofSource, target);
    }
    newest.forEach((key, record) -> {
      if (record.put && !record.whole) {
        damages.add(
            sources.get(record.source).segment().name(),
            record.offset,
            0,
            Optional.of(key),
            "is the newest entry of its key, and damaged, or without its value file: the key was left"
                + " out");
      }
    });
  }

  private void save(Source source, List<Newest> records, SavedStore target) throws IOException {
    if (records.isEmpty()) {
      return;
    }
    try (DiskFile file = store.disk().open(source.segment().name(), Disk.Access.READ)) {
      FrameFile frames = new FrameFile(file, source.identity(), source.end());
      RecordCheck check = new RecordCheck(store.disk(), source.identity().store());
      for (Newest record : records) {
        FrameHead head =
            frames
                .head(record.offset)
                .orElseThrow(
                    () -> new IOException(source.segment().name() + " changed while it was read"));
        if (head.isExternal()) {
          try (ValueFile value = check.open(head)) {
            target.addExternal(head, value);
          }
        } else {
          target.add(frames.frame(record.offset, head), source.identity(), record.offset);
        }
        saved++;
      }
    }
  }
}
