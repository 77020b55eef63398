package io.minikv.engine.segment;

import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A log that is written record by record. What it does in the background waits to be run. */
final class WrittenLog {

  /** Lets no mapped memory be forced. */
  static final DiskListener NO_FORCES =
      new DiskListener() {
        @Override
        public void before(Operation operation) throws IOException {
          if (operation.type() == OperationType.MAPPED_FORCE) {
            throw new IOException("no force");
          }
        }
      };

  private final SegmentDirectory directory;
  private final SegmentSet segments = new SegmentSet();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final List<IOException> failures = new ArrayList<>();
  private final Log log;

  private WrittenLog(
      SegmentDirectory directory, SegmentWriter active, long lastSequence, long reserveBytes) {
    this.directory = directory;
    segments.add(active.segment());
    log =
        new Log(
            directory,
            segments,
            active,
            lastSequence,
            background::add,
            failures::add,
            reserveBytes,
            true);
  }

  /** A log whose only segment is new. */
  static WrittenLog create(SimulatedDisk disk, long segmentBytes) throws IOException {
    return create(disk, segmentBytes, 0);
  }

  static WrittenLog create(SimulatedDisk disk, long segmentBytes, long reserveBytes)
      throws IOException {
    SegmentDirectory directory = Manifests.directory(disk, segmentBytes);
    return new WrittenLog(directory, directory.createLogSegment(), 0, reserveBytes);
  }

  /** A log that goes on behind records that were written and made durable before. */
  static WrittenLog resume(SimulatedDisk disk, long segmentBytes, SegmentWriter active, long last)
      throws IOException {
    SegmentDirectory directory = Manifests.directory(disk, segmentBytes);
    directory.list(List.of(SegmentDirectory.sealedEntry(active.segment())));
    return new WrittenLog(directory, active, last, 0);
  }

  Log log() {
    return log;
  }

  SegmentDirectory directory() {
    return directory;
  }

  Segment active() {
    return log.activeSegment();
  }

  /** The numbers of the live segments. */
  List<Long> segments() {
    return segments.all().stream().map(Segment::fileNumber).toList();
  }

  Segment segment(long fileNumber) {
    return segments.get(fileNumber);
  }

  /** What it was told that failed in the background. */
  List<IOException> failures() {
    return failures;
  }

  /** How much waits to be done in the background. */
  int waiting() {
    return background.size();
  }

  /** Does what waits in the background, and what comes of that. */
  void runBackground() {
    for (Runnable task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  /**
   * Puts a record whose frame has a length, a multiple of eight, in one block; returns its
   * location.
   */
  long putOfLength(int length) throws IOException {
    return putOfLength(length, false);
  }

  long putOfLength(int length, boolean mayUseReserve) throws IOException {
    log.makeRoom(length, mayUseReserve);
    EncodedFrame frame = Records.put("k", Records.bytes(length - 37), log.takeSequence());
    return log.append(frame);
  }

  /** Puts records until a segment is at least so long. */
  void fillTo(long position) throws IOException {
    while (log.position() < position) {
      long before = log.position();
      putOfLength((int) Math.min(32 << 10, Math.max(40, position - before)));
      if (log.position() <= before) {
        throw new AssertionError("the segment ends before " + position);
      }
    }
  }

  /** Puts records of a length until they lie in the next segment, after some dozens at the most. */
  void beginNextSegment(int length) throws IOException {
    Segment ending = active();
    for (int i = 0; i < 50 && active().equals(ending); i++) {
      putOfLength(length);
    }
  }

  /** Makes all that was appended durable. */
  void force() throws IOException {
    Log.Extent extent = log.unforced();
    extent.force();
    log.markDurable(extent);
  }
}
