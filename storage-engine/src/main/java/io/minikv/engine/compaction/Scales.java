package io.minikv.engine.compaction;

import io.minikv.engine.format.Frame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.keyfile.KeyFile;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.ExpirySpan;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.time.InstantSource;

/** Weighs segments: what a compaction of each would cost and give. For one thread at a time. */
final class Scales {

  private static final int LIVE_TIMES = 2;
  private static final int SEGMENTS_BESIDE = 2;

  private final InstantSource clock;
  private final HeldBack heldBack;
  private final ValueFiles values;
  private final KeyFiles keyFiles;

  Scales(InstantSource clock, HeldBack heldBack, ValueFiles values, KeyFiles keyFiles) {
    this.values = values;
    this.keyFiles = keyFiles;
    this.clock = clock;
    this.heldBack = heldBack;
  }

  /** Weighs a segment that is complete. */
  SegmentWeight weigh(Segment segment) throws IOException {
    long frames = Math.max(0, segment.end() - SegmentHeader.LENGTH - ending(segment));
    long live = Math.min(frames, segment.liveBytes());
    // Those that were overwritten before they expired are dead already: as many as of all records.
    double livePart = frames == 0 ? 0 : (double) live / frames;
    long expired = (long) (expiries(segment).expiredBytes(clock.millis()) * livePart);
    long kept = Math.clamp(live - expired + heldBack.bytes(segment), 0, frames);
    long dead = frames - kept + values.deadBytes(segment.fileNumber());
    return new SegmentWeight(
        segment.fileNumber(),
        kept,
        dead,
        keyBytes(segment, frames, kept),
        segment.lowestSequence(),
        segment.kind() == SegmentHeader.Kind.COMPACTED);
  }

  /**
   * How much more a store may take on the disk that should stay below twice its live data and two
   * segments; negative when it takes more.
   */
  long bytesLeft(EntryTable table, long segmentBytes) {
    long live = values.bytes();
    long taken = values.bytes() + keyFiles.bytes() + SnapshotBlock.totalLength(table.keys());
    for (Segment segment : table.segments().all()) {
      live += segment.liveBytes() - values.deadBytes(segment.fileNumber());
      taken += segment.fileBytes();
    }
    return LIVE_TIMES * live + SEGMENTS_BESIDE * segmentBytes - taken;
  }

  /** As if the records that are kept had keys and values like the others. */
  private long keyBytes(Segment segment, long frames, long kept) {
    KeyFile file = keyFiles.file(segment);
    return file == null || frames == 0 ? 0 : (long) ((double) file.length() * kept / frames);
  }

  /** The watermark at the end of a segment of the log is no reason to write the segment anew. */
  private static long ending(Segment segment) {
    return segment.kind() == SegmentHeader.Kind.LOG ? Frame.WATERMARK_LENGTH : 0;
  }

  /** After a restart they are looked up in the heads of the records, once. */
  private static ExpirySpan expiries(Segment segment) throws IOException {
    ExpirySpan known = segment.expiries();
    if (known != null) {
      return known;
    }
    ExpirySpan span = new ExpirySpan();
    try {
      FrameScanner frames = new FrameScanner(segment);
      while (frames.next()) {
        span.add(frames.head().expiresAtMillis(), frames.head().frameLength());
      }
    } catch (DamagedSegmentException _) {
      // Those behind the damage do not count; a compaction of the segment tells of it.
    }
    segment.setExpiries(span);
    return span;
  }
}
