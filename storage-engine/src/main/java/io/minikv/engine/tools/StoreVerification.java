package io.minikv.engine.tools;

import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.snapshot.SnapshotReader;
import io.minikv.engine.tools.StoreFiles.LiveSegment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads every byte of a store that is not open, and checks every checksum. For one thread. */
public final class StoreVerification {

  private final StoreFiles store;
  private final ProgressListener listener;
  private final long startedNanos = System.nanoTime();
  private final DamageList damages = new DamageList();
  private final MissingValues missing = new MissingValues();
  private int files;
  private long bytes;
  private long totalBytes;
  private long records;

  private StoreVerification(StoreFiles store, ProgressListener listener) {
    this.store = store;
    this.listener = listener;
  }

  /** Verifies a store. */
  public static VerificationReport verify(StoreFiles store, ProgressListener listener)
      throws IOException {
    return new StoreVerification(store, listener).run();
  }

  private VerificationReport run() throws IOException {
    List<LiveSegment> segments = store.segments();
    totalBytes = segments.stream().mapToLong(LiveSegment::size).sum();
    verifyManifest();
    boolean followed = false;
    for (LiveSegment segment : segments.reversed()) {
      followed |= verify(segment, followed);
      verifyKeys(FileNames.keys(segment.number()), segment.number(), segment.end());
    }
    if (!missing.isEmpty()) {
      for (LiveSegment segment : segments) {
        supersedeMissing(segment);
      }
      missing.report(damages);
    }
    for (String name : store.disk().list()) {
      OptionalLong number = FileNames.mergedNumber(name);
      if (number.isPresent()) {
        verifyKeys(name, number.getAsLong(), Optional.empty());
      }
    }
    verifySnapshots();
    return new VerificationReport(
        files, bytes, records, damages.all(), Duration.ofNanos(System.nanoTime() - startedNanos));
  }

  private void verifyManifest() throws IOException {
    store
        .manifestProblem()
        .ifPresent(problem -> damages.add(FileNames.MANIFEST, 0, 0, problem.getMessage()));
    if (store.disk().exists(FileNames.MANIFEST)) {
      try (DiskFile file = store.disk().open(FileNames.MANIFEST, Disk.Access.READ)) {
        files++;
        bytes += file.size();
        totalBytes += file.size();
      }
    }
  }

  /**
   * Verifies a segment; returns whether it was ever written to.
   *
   * @param followed whether a later one was written to
   */
  private boolean verify(LiveSegment segment, boolean followed) throws IOException {
    if (!segment.isThere()) {
      damages.add(
          segment.name(), 0, segment.end().orElse(0L), "is missing, which the MANIFEST lists");
      return true;
    }
    boolean written;
    try (DiskFile file = store.disk().open(segment.name(), Disk.Access.READ)) {
      store
          .headerProblem(file, segment.number())
          .ifPresent(problem -> damages.add(segment.name(), 0, segment.size(), problem));
      long end = segment.end().orElse(segment.size());
      if (segment.size() < end) {
        damages.add(
            segment.name(),
            segment.size(),
            end - segment.size(),
            "ends after " + segment.size() + " bytes, but had " + end + " when it was complete");
      }
      written = verifyFrames(segment, file, followed);
    }
    files++;
    bytes += segment.size();
    listener.onProgress(bytes, Math.max(bytes, totalBytes));
    return written;
  }

  private boolean verifyFrames(LiveSegment segment, DiskFile file, boolean followed)
      throws IOException {
    Optional<FileIdentity> identity = store.identity(segment.number());
    if (identity.isEmpty()) {
      damages.add(
          segment.name(),
          0,
          segment.size(),
          "cannot be verified: no file tells which store it belongs to");
      return true;
    }
    FrameFile frames = new FrameFile(file, identity.get(), segment.limit());
    RecordCheck check = new RecordCheck(store.disk(), identity.get().store());
    Visit visit = new Visit(segment, frames, check);
    frames.visit(visit);
    boolean endUnknown = segment.end().isEmpty() && store.manifest().isPresent();
    if (endUnknown && followed && !visit.sealed) {
      damages.add(
          segment.name(), segment.size(), 0, "has lost its end: a later segment was written to");
    }
    return visit.written;
  }

  /** Looks for records that are newer than those whose values are missing. */
  private void supersedeMissing(LiveSegment segment) throws IOException {
    Optional<FileIdentity> identity = store.identity(segment.number());
    if (!segment.isThere() || identity.isEmpty()) {
      return;
    }
    try (DiskFile file = store.disk().open(segment.name(), Disk.Access.READ)) {
      new FrameFile(file, identity.get(), segment.limit())
          .visit(
              new FrameFile.Visitor() {
                @Override
                public void onFrame(long offset, FrameHead head) {
                  if (head.isRecord()) {
                    missing.supersede(head);
                  }
                }

                @Override
                public void onGap(long from, long to, boolean zeros) {
                  // It is reported already.
                }
              });
    }
  }

  /** A key file of any kind; {@code segmentEnd} is where that ends which it must belong to. */
  private void verifyKeys(String name, long number, Optional<Long> segmentEnd) throws IOException {
    if (store.storeId().isEmpty() || !store.disk().exists(name)) {
      return;
    }
    try (DiskFile file = store.disk().open(name, Disk.Access.READ)) {
      KeyFileParts.visit(
          file,
          store.storeId().get(),
          number,
          new KeyFileParts.Visitor() {
            @Override
            public void onBlock(long offset, int entries, boolean isLeaf) {
              // It is whole.
            }

            @Override
            public void onFooter(long offset, KeyFileFooter footer) {
              if (segmentEnd.isPresent() && footer.segmentEnd() != segmentEnd.get()) {
                damages.add(name, offset, KeyFileFooter.LENGTH, "belongs to another segment");
              }
            }

            @Override
            public void onSegments(long offset, List<MergedSegment> segments) {
              // It is whole.
            }

            @Override
            public void onDamage(long offset, long length, String problem) {
              damages.add(name, offset, length, problem + "; it will be made anew");
            }
          });
      files++;
      bytes += file.size();
    }
    listener.onProgress(bytes, Math.max(bytes, totalBytes));
  }

  private void verifySnapshots() throws IOException {
    for (String name : store.disk().list()) {
      if (FileNames.snapshotSequence(name).isEmpty()) {
        continue;
      }
      try (SnapshotReader snapshot = SnapshotReader.open(store.disk(), name)) {
        files++;
        bytes += snapshot.header().fileLength();
        snapshot.verify();
        if (store.storeId().filter(id -> !id.equals(snapshot.header().store())).isPresent()) {
          addUnused(name, "belongs to another store");
        }
      } catch (FormatException e) {
        addUnused(name, e.getMessage());
      }
    }
  }

  private void addUnused(String name, String problem) {
    damages.add(name, 0, 0, problem + "; it is not used, which makes the opening take longer");
  }

  /** One pass over the frames of a segment. */
  private final class Visit implements FrameFile.Visitor {

    private final LiveSegment segment;
    private final FrameFile frames;
    private final RecordCheck check;
    private boolean written;
    private boolean sealed;

    Visit(LiveSegment segment, FrameFile frames, RecordCheck check) {
      this.segment = segment;
      this.frames = frames;
      this.check = check;
    }

    @Override
    public void onFrame(long offset, FrameHead head) throws IOException {
      written = true;
      sealed = head.isSeal();
      if (!head.isRecord()) {
        return;
      }
      if (check.lacksValueFile(head)) {
        missing.add(
            head.key(),
            new MissingValues.Missing(
                segment.name(), offset, head.sequence(), FileNames.value(head.valueFile())));
        return;
      }
      if (head.isExternal()) {
        files++;
        bytes += head.valueLength();
      }
      Optional<String> problem = check.problem(frames, offset, head);
      if (problem.isEmpty() && !frames.hasCleanPadding(offset, head)) {
        problem = Optional.of("has bytes behind a record that should be zero; the record is whole");
      }
      if (problem.isEmpty()) {
        records++;
      } else {
        damages.add(
            segment.name(), offset, head.frameLength(), Optional.of(head.key()), problem.get());
      }
    }

    @Override
    public void onGap(long from, long to, boolean zeros) {
      if (zeros && segment.end().isEmpty() && to == segment.size()) {
        return; // Space that was allocated ahead.
      }
      written = true;
      boolean atTheEnd = segment.end().isEmpty() && to == segment.size();
      damages.add(
          segment.name(),
          from,
          to - from,
          atTheEnd
              ? "ends with bytes that are no intact record: a write that a crash cut short, or damage"
              : "has no intact record there: which keys it held is not known");
    }
  }
}
