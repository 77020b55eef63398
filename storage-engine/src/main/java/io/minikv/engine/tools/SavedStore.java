package io.minikv.engine.tools;

import io.minikv.engine.checkpoint.StoreCopy;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new store of records that were saved from a damaged one. For one thread. */
final class SavedStore {

  private static final long SEGMENT_BYTES = 64L << 20;

  private final StoreCopy copy;
  private final long nowMillis;
  private final SecureRandom random = new SecureRandom();
  private final StoreId id = new StoreId(random.nextLong(), random.nextLong());
  private final List<SegmentEntry> entries = new ArrayList<>();
  private @Nullable SegmentWriter writer;
  private long highestSequence;
  private long nextFileNumber = 1;

  SavedStore(StoreCopy copy, long nowMillis) {
    this.copy = copy;
    this.nowMillis = nowMillis;
  }

  /** Adds a record that was found whole. */
  void add(byte[] frame, FileIdentity identity, long offset) throws IOException {
    SegmentWriter current = writer;
    if (current == null || !current.hasRoom(frame.length)) {
      finishSegment();
      current = create(SegmentHeader.Kind.COMPACTED);
      writer = current;
    }
    try {
      FrameHead head = FrameHead.parse(frame, 0);
      current.reserve(frame.length);
      current.append(EncodedFrame.copyOf(frame, head, identity, offset));
      current.segment().coverSequence(head.sequence());
      highestSequence = Math.max(highestSequence, head.sequence());
    } catch (FormatException e) {
      throw new IOException("a record changed while it was read", e);
    }
  }

  private SegmentWriter create(SegmentHeader.Kind kind) throws IOException {
    SegmentHeader header = new SegmentHeader(kind, id, nextFileNumber++, nowMillis);
    return SegmentWriter.create(copy.disk(), header, SEGMENT_BYTES);
  }

  private void finishSegment() throws IOException {
    SegmentWriter current = writer;
    if (current != null) {
      writer = null;
      current.force(SegmentHeader.LENGTH, current.position());
      finish(current);
    }
  }

  private void finish(SegmentWriter ended) throws IOException {
    try {
      ended.finish();
    } finally {
      ended.segment().close();
    }
    entries.add(SegmentDirectory.sealedEntry(ended.segment()));
    copy.count(ended.segment().end());
  }

  /**
   * Makes it a store.
   *
   * @param lastSequence above all sequence numbers that were ever handed out, as far as is known
   */
  void finish(long lastSequence) throws IOException {
    finishSegment();
    finish(create(SegmentHeader.Kind.LOG));
    copy.finish(
        new Manifest(
            id,
            1,
            random.nextLong(),
            nowMillis,
            nextFileNumber,
            true,
            Math.max(lastSequence, highestSequence),
            entries));
  }

  /** Ends the writing after a failure. */
  void abandon() throws IOException {
    SegmentWriter current = writer;
    if (current != null) {
      writer = null;
      current.segment().close();
    }
  }
}
