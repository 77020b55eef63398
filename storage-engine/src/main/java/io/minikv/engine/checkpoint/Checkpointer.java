package io.minikv.engine.checkpoint;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Makes checkpoints of an open store. The log is rolled, so that every record so far lies in a
 * complete segment; those never change again, and are shared with the copy by links.
 *
 * <p>Neither store may ever write to a file that they share. Complete segments are only cut where
 * space is allocated behind their end, and such a file is copied, not linked. The last segment of a
 * closed store is written on: so the copy gets an empty one of its own, and the source is in its
 * next one by then.
 *
 * <p>One run at a time, and none while a compaction takes files away; readers and writers go on,
 * and so does a compaction that copies.
 */
public final class Checkpointer {

  private final CommitPipeline pipeline;
  private final SegmentDirectory directory;
  private final SegmentSet segments;
  private final ValueFiles values;
  private final Supplier<Segment> activeSegment;
  private final Executor background;
  private final InstantSource clock;
  private volatile boolean cancelled;

  /**
   * For a store.
   *
   * @param activeSegment the segment that is written, read under the lock of the writers
   * @param background finishes ended segments; what it was given before is waited for
   */
  public Checkpointer(
      CommitPipeline pipeline,
      SegmentDirectory directory,
      SegmentSet segments,
      ValueFiles values,
      Supplier<Segment> activeSegment,
      Executor background,
      InstantSource clock) {
    this.pipeline = pipeline;
    this.directory = directory;
    this.segments = segments;
    this.values = values;
    this.activeSegment = activeSegment;
    this.background = background;
    this.clock = clock;
  }

  /** Ends a run that is under way, without an effect, and every later one at once. */
  public void close() {
    cancelled = true;
    awaitRun();
  }

  /** Returns when no run is under way. */
  private synchronized void awaitRun() {}

  /**
   * Makes a checkpoint.
   *
   * @param target a directory that is missing or empty
   * @throws InvalidRequestException when it is not, or cannot be made
   * @throws IOException when a disk fails; nothing is left of the checkpoint then, as far as the
   *     disk allows, and what is left is refused as a store
   */
  public synchronized CheckpointReport checkpoint(Path target) throws IOException {
    long startedNanos = System.nanoTime();
    checkNotCancelled();
    try (StoreCopy copy =
        StoreCopy.begin(
            directory.disk(),
            target,
            "A checkpoint of " + directory.disk().describe() + ", begun " + clock.instant())) {
      Moment moment = pipeline.underLock(this::freeze);
      try {
        fill(copy, moment);
      } finally {
        moment.release();
      }
      return new CheckpointReport(
          target,
          moment.sequence,
          copy.files(),
          copy.bytes(),
          Duration.ofNanos(System.nanoTime() - startedNanos));
    }
  }

  /** The store as of now, all of it in complete segments. Called under the lock of the writers. */
  private Moment freeze() {
    pipeline.roll();
    Segment active = activeSegment.get();
    List<Segment> complete = new ArrayList<>(segments.all());
    complete.removeIf(segment -> segment.fileNumber() == active.fileNumber() || !segment.pin());
    return new Moment(pipeline.visibility().sequence(), complete);
  }

  private void fill(StoreCopy copy, Moment moment) throws IOException {
    // Their ending was given to the background before they counted as complete: it is over then.
    CompletableFuture.runAsync(() -> {}, background).join();
    List<SegmentEntry> entries = new ArrayList<>();
    SortedSet<Long> valueFiles = new TreeSet<>();
    for (Segment segment : moment.segments) {
      copy.add(directory.disk(), segment.name(), segment.end(), _ -> checkNotCancelled());
      addIfThere(copy, FileNames.keys(segment.fileNumber()));
      valueFiles.addAll(values.namedBy(segment.fileNumber()));
      entries.add(SegmentDirectory.sealedEntry(segment));
    }
    for (long valueFile : valueFiles) { // Their segments are pinned, and so they stay.
      addIfThere(copy, FileNames.value(valueFile));
    }
    Manifest manifest = directory.manifest();
    long number = directory.takeFileNumber();
    entries.add(addEmptySegment(copy, manifest, number));
    copy.finish(
        new Manifest(
            manifest.store(),
            manifest.generation() + 1,
            manifest.hashSeed(),
            manifest.createdAtMillis(),
            number + 1,
            true,
            moment.sequence,
            entries));
  }

  /** Adds a file; one that is missing can be made anew, or its loss concerns one key alone. */
  private void addIfThere(StoreCopy copy, String name) throws IOException {
    Disk disk = directory.disk();
    if (disk.exists(name)) {
      copy.add(disk, name, size(disk, name), _ -> checkNotCancelled());
    }
  }

  private static long size(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      return file.size();
    }
  }

  /** The segment in which the log of the copy will go on. */
  private SegmentEntry addEmptySegment(StoreCopy copy, Manifest manifest, long number)
      throws IOException {
    SegmentHeader header =
        new SegmentHeader(SegmentHeader.Kind.LOG, manifest.store(), number, clock.millis());
    Segment segment = SegmentWriter.create(copy.disk(), header, directory.segmentBytes()).segment();
    segment.close();
    copy.count(segment.end());
    return SegmentDirectory.sealedEntry(segment);
  }

  private void checkNotCancelled() {
    if (cancelled) {
      throw CommitErrors.closed();
    }
  }

  /**
   * What a checkpoint holds.
   *
   * @param sequence of the last write in it
   * @param segments all of them, pinned
   */
  private record Moment(long sequence, List<Segment> segments) {

    void release() throws IOException {
      for (Segment segment : segments) {
        segment.unpin();
      }
    }
  }
}
