package io.minikv.engine.tools;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.checkpoint.StoreCopy;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.StagedFile;
import io.minikv.engine.values.ValueFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
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
  private final ValueFiles values;
  private final List<SegmentEntry> entries = new ArrayList<>();
  private @Nullable SegmentWriter writer;
  private long highestSequence;
  private long nextFileNumber = 1;

  SavedStore(StoreCopy copy, long nowMillis) {
    this.copy = copy;
    this.nowMillis = nowMillis;
    this.values = new ValueFiles(copy.disk(), id);
  }

  /** Adds a record that was found whole. */
  void add(byte[] frame, FileIdentity identity, long offset) throws IOException {
    try {
      FrameHead head = FrameHead.parse(frame, 0);
      add(EncodedFrame.copyOf(frame, head, identity, offset), head.sequence());
    } catch (FormatException e) {
      throw new IOException("a record changed while it was read", e);
    }
  }

  /** Adds a record whose value is in a file of its own, with a copy of that. */
  void addExternal(FrameHead head, ValueFile value) throws IOException {
    Key key = head.key();
    StagedFile staged = values.stage(key, () -> nextFileNumber++, nowMillis);
    boolean whole = false;
    try {
      byte[] block = new byte[Frame.BLOCK_LENGTH];
      for (int from = 0; from < head.valueLength(); from += block.length) {
        int length = Math.min(block.length, head.valueLength() - from);
        value.read(from, block, length);
        staged.write(ByteBuffer.wrap(block, 0, length));
      }
      staged.finish();
      whole = true;
    } finally {
      if (whole) {
        values.keep(staged);
      } else {
        values.abort(staged);
      }
    }
    EncodedFrame record =
        EncodedFrame.of(
            put(head, key), StoredValue.external(staged.fileNumber(), head.valueLength()), false);
    record.stamp(head.sequence(), head.writtenAtMillis());
    add(record, head.sequence());
  }

  private static Mutation.Put put(FrameHead head, Key key) throws IOException {
    try {
      Mutation.Put put = Mutation.Put.of(key, Value.empty()).with(head.info(key).attributes());
      return head.expiresAtMillis() == EntryInfo.NEVER_MILLIS
          ? put
          : put.with(Expiry.at(Instant.ofEpochMilli(head.expiresAtMillis())));
    } catch (FormatException e) {
      throw new IOException("a record has attributes that are none", e);
    }
  }

  private void add(EncodedFrame record, long sequence) throws IOException {
    SegmentWriter current = writer;
    if (current == null || !current.hasRoom(record.length())) {
      finishSegment();
      current = create(SegmentHeader.Kind.COMPACTED);
      writer = current;
    }
    current.reserve(record.length());
    current.append(record);
    current.segment().coverSequence(sequence);
    highestSequence = Math.max(highestSequence, sequence);
  }

  private SegmentWriter create(SegmentHeader.Kind kind) throws IOException {
    SegmentHeader header = new SegmentHeader(kind, id, nextFileNumber++, nowMillis);
    SegmentWriter writer = SegmentWriter.create(copy.disk(), header, SEGMENT_BYTES);
    writer.expectRareForces();
    return writer;
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
