package io.minikv.engine.segment;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A segment that is written record by record. */
final class Records {

  static final StoreId STORE = new StoreId(1, 2);
  static final long NUMBER = 7;

  private final SegmentWriter writer;
  private long sequence;

  Records(SegmentWriter writer) {
    this.writer = writer;
  }

  /** A new segment that should end at a size. */
  static Records create(Disk disk, long segmentBytes) throws IOException {
    return new Records(SegmentWriter.create(disk, header(NUMBER), segmentBytes));
  }

  static SegmentHeader header(long number) {
    return new SegmentHeader(SegmentHeader.Kind.LOG, STORE, number, 0);
  }

  /** Writes the record of sequence number 1. */
  static Segment writeOne(SegmentWriter writer) throws IOException {
    new Records(writer).put("key", bytes(20));
    writer.segment().coverSequence(1);
    return writer.segment();
  }

  /** Bytes that are the same for the same length only. */
  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** A record that has its sequence number. */
  static EncodedFrame put(String key, byte[] value, long sequence) {
    EncodedFrame frame = EncodedFrame.of(Mutation.Put.of(Key.of(key), Value.wrap(value)), false);
    frame.stamp(sequence, 0);
    return frame;
  }

  /** Inverts a byte of a file. */
  static void damage(Disk disk, String name, long position) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(position, one);
      one.put(0, (byte) ~one.get(0));
      file.write(position, one.flip());
    }
  }

  SegmentWriter writer() {
    return writer;
  }

  Segment segment() {
    return writer.segment();
  }

  /** Returns where the record begins. */
  long put(String key, byte[] value) throws IOException {
    EncodedFrame frame = put(key, value, ++sequence);
    writer.reserve(frame.length());
    return writer.append(frame);
  }

  /** Puts records that end at a position, a multiple of eight, in space that ends there. */
  void fillTo(long position) throws IOException {
    writer.reserve(position - writer.position());
    for (long rest = position - writer.position(); rest > 0; rest = position - writer.position()) {
      putOfLength(rest > 64 << 10 ? 32 << 10 : (int) rest);
    }
  }

  /** A record with a key of one letter, of a length that is a multiple of eight, in one block. */
  long putOfLength(int length) throws IOException {
    return put("k", bytes(length - 32 - 1 - 4));
  }
}
