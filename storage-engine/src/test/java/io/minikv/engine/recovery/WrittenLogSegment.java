package io.minikv.engine.recovery;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment of the log that is written frame by frame, with space allocated behind them. */
final class WrittenLogSegment {

  static final StoreId STORE = new StoreId(1, 2);

  private final SimulatedDisk disk;
  private final SegmentHeader header;
  private final SegmentWriter writer;
  private long sequence;

  WrittenLogSegment(SimulatedDisk disk, long number, int space) throws IOException {
    this.disk = disk;
    this.header = new SegmentHeader(SegmentHeader.Kind.LOG, STORE, number, 0);
    this.writer = SegmentWriter.create(disk, header, space);
    writer.reserve(space / 2);
  }

  /** Sequence numbers go on behind this one. */
  void continueFrom(long newSequence) {
    sequence = newSequence;
  }

  /** Returns where the record ends. */
  long put(String key, String value) throws IOException {
    return append(Mutation.Put.of(Key.of(key), Value.of(value)), false);
  }

  /** Returns where the record ends. */
  long delete(String key) throws IOException {
    return append(Mutation.Delete.of(Key.of(key)), false);
  }

  /** A record that others of its batch follow, or not; returns where it ends. */
  long append(Mutation mutation, boolean continues) throws IOException {
    EncodedFrame frame = EncodedFrame.of(mutation, continues);
    frame.stamp(++sequence, 0);
    writer.append(frame);
    return writer.position();
  }

  void watermark(long durableOffset) throws IOException {
    writer.appendWatermark(sequence, durableOffset, false);
  }

  void seal() throws IOException {
    writer.appendWatermark(sequence, SegmentHeader.LENGTH, true);
  }

  long position() {
    return writer.position();
  }

  Segment segment() {
    return writer.segment();
  }

  String name() {
    return FileNames.segment(header.fileNumber());
  }

  /** All bytes of its file as a segment. */
  Segment reopen() throws IOException {
    DiskFile file = disk.open(name(), Disk.Access.READ);
    return Segment.openSealed(header, file, file.size());
  }

  /** All bytes of its file. */
  byte[] bytes() {
    return disk.processKill().bytes(name());
  }

  /** Where the last byte of its file ends that is not zero. */
  int contentEnd() {
    byte[] bytes = bytes();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  void flip(long position) throws IOException {
    try (DiskFile file = disk.open(name(), Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(position, one);
      file.write(position, ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}));
    }
  }

  /** Everything from a position on is as if it had never been written. */
  void zero(long from) throws IOException {
    try (DiskFile file = disk.open(name(), Disk.Access.READ_WRITE)) {
      file.write(from, ByteBuffer.allocate((int) (file.size() - from)));
    }
  }

  void close() throws IOException {
    writer.segment().close();
  }
}
