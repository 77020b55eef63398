package io.minikv.engine.read;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.StagedFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Segments that are written record by record, without a store around them. */
final class Records {

  private static final StoreId STORE = new StoreId(1, 2);
  private static final int SEGMENT_BYTES = 1 << 20;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ValueFiles values = new ValueFiles(disk, STORE);
  private final SegmentSet segments = new SegmentSet();
  private final EntryTable table =
      new EntryTable(new ShardedIndex(), segments, new KeyHasher(7), values);
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final SegmentDirectory directory = directory();
  private SegmentWriter writer;
  private long sequence;

  Records() throws IOException {
    writer = createSegment(1);
  }

  private SegmentDirectory directory() {
    Manifest manifest = new Manifest(STORE, 0, 0, 0, 100, false, 1 << 30, List.of());
    return new SegmentDirectory(
        disk, InstantSource.system(), SEGMENT_BYTES, manifest, 50, () -> 1 << 20);
  }

  private SegmentWriter createSegment(long number) throws IOException {
    SegmentHeader header = new SegmentHeader(SegmentHeader.Kind.LOG, STORE, number, 0);
    SegmentWriter created = SegmentWriter.create(disk, header, SEGMENT_BYTES);
    segments.add(created.segment());
    return created;
  }

  /** What follows goes to another segment. */
  void beginSegment() throws IOException {
    writer.finish();
    writer = createSegment(writer.segment().fileNumber() + 1);
  }

  /** Returns where the record begins. */
  long put(Key key, String value) throws IOException {
    return write(key, EncodedFrame.of(Mutation.Put.of(key, Value.of(value)), false));
  }

  long delete(Key key) throws IOException {
    long offset = append(EncodedFrame.of(Mutation.Delete.of(key), false));
    Found live = table.findToReplace(key, table.hash(key));
    if (live != null) {
      table.remove(key, table.hash(key), live.record());
    }
    return offset;
  }

  long put(Key key, StoredValue value) throws IOException {
    return write(key, EncodedFrame.of(Mutation.Put.of(key, Value.empty()), value, false));
  }

  /** Puts a value in a file of its own. */
  long putInFile(Key key, byte[] value, long fileNumber) throws IOException {
    StagedFile file = values.stage(key, () -> fileNumber, 5_000);
    file.write(ByteBuffer.wrap(value));
    file.finish();
    values.keep(file);
    return put(key, StoredValue.external(fileNumber, value.length));
  }

  private long write(Key key, EncodedFrame frame) throws IOException {
    long offset = append(frame);
    long hash = table.hash(key);
    Found former = table.findToReplace(key, hash);
    long location = Location.of(segment().fileNumber(), offset);
    table.put(
        key,
        hash,
        LiveRecord.of(location, segment().head(offset)),
        former == null ? null : former.record());
    return offset;
  }

  private long append(EncodedFrame frame) throws IOException {
    frame.stamp(++sequence, 5_000);
    writer.reserve(frame.length());
    return writer.append(frame);
  }

  /** Changes one byte of a file. */
  void damage(String file, long at) throws IOException {
    try (DiskFile damaged = disk.open(file, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      damaged.read(at, one);
      one.put(0, (byte) ~one.get(0));
      damaged.write(at, one.flip());
    }
  }

  SimulatedDisk disk() {
    return disk;
  }

  EntryTable table() {
    return table;
  }

  /** The one that is written. */
  Segment segment() {
    return writer.segment();
  }

  /** All of them, as of now. */
  View view() {
    return new View(sequence, segments.all());
  }

  /** Key files of them; none is written but by {@link #withKeyFile}. */
  KeyFiles keyFiles() {
    return new KeyFiles(directory, table::hash, 0.01, task -> tasks.add(task), task -> {});
  }

  /** Lets the key file of the segment that was written until now be made. */
  Segment withKeyFile(KeyFiles keyFiles) throws IOException {
    Segment segment = segment();
    writer.finish();
    directory.list(List.of(SegmentDirectory.sealedEntry(segment)));
    keyFiles.complete(segment);
    tasks.remove().run();
    return segment;
  }

  /** All of its blocks. */
  void damageKeyFile(Segment segment) throws IOException {
    String name = FileNames.keys(segment.fileNumber());
    int length = disk.processKill().bytes(name).length;
    for (int at = KeyFileHeader.LENGTH + 20; at < length - KeyFileFooter.LENGTH; at += 100) {
      damage(name, at);
    }
  }
}
