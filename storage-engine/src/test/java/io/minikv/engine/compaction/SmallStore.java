package io.minikv.engine.compaction;

import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.commit.PendingWrite;
import io.minikv.engine.commit.WriteEncoding;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.recovery.Recovered;
import io.minikv.engine.recovery.Recovery;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The parts of a store that a compaction works on, put together so that a test sees each of them.
 * All but the key files is done on the caller's thread.
 */
final class SmallStore {

  static final int SEGMENT_BYTES = 4 << 10;

  private final SimulatedDisk disk;
  private final MutableClock clock = new MutableClock();
  private final Executor keyFileWriter;
  private final EntryTable table;
  private final SegmentDirectory directory;
  private final Log log;
  private final CommitPipeline pipeline;
  private final WriteEncoding encoding;
  private final KeyFiles keyFiles;

  SmallStore(SimulatedDisk disk) throws IOException {
    this(disk, Runnable::run);
  }

  SmallStore(SimulatedDisk disk, Executor keyFileWriter) throws IOException {
    this.disk = disk;
    this.keyFileWriter = keyFileWriter;
    Recovered recovered = Recovery.open(disk, clock, SEGMENT_BYTES);
    this.table = recovered.table();
    this.directory = recovered.directory();
    this.log =
        new Log(
            directory,
            table.segments(),
            recovered.active(),
            recovered.lastSequence(),
            Runnable::run,
            _ -> {},
            0,
            false);
    this.pipeline = new CommitPipeline(log, table, clock, Durability.OS, Runnable::run, _ -> {});
    this.encoding = new WriteEncoding(table::hash, new Compressor(Optional.empty(), 0));
    this.keyFiles = new KeyFiles(directory, table::hash, 0.01, keyFileWriter, Runnable::run);
    directory.whenComplete(keyFiles::complete);
    keyFiles.begin(complete());
  }

  /** One that was killed, and is opened again. */
  SmallStore reopened() throws IOException {
    return new SmallStore(SimulatedDisk.from(disk.processKill()));
  }

  Compactor compactor(CompactionSettings settings, WriterPace pace) {
    return compactor(settings, pace, new ScatteredReads(SEGMENT_BYTES, () -> {}));
  }

  Compactor compactor(CompactionSettings settings, WriterPace pace, ScatteredReads scatteredReads) {
    return new Compactor(
        pipeline,
        directory,
        table,
        keyFiles,
        log::activeSegment,
        Runnable::run,
        keyFileWriter,
        new MaintenanceLock(),
        pace,
        scatteredReads,
        clock,
        settings);
  }

  Scales scales(HeldBack heldBack) {
    return new Scales(clock, heldBack, table.values(), keyFiles);
  }

  /** Puts a value of so many bytes; returns how long the record is. */
  long put(String key, int valueLength) {
    return write(Mutation.Put.of(Key.of(key), Value.wrap(new byte[valueLength])));
  }

  /** As {@link #put}; it expires after a second. */
  long putExpiring(String key, int valueLength) {
    return write(
        Mutation.Put.of(Key.of(key), Value.wrap(new byte[valueLength]))
            .with(Expiry.after(Duration.ofSeconds(1))));
  }

  /** Deletes a key; returns how long the record is. */
  long delete(String key) {
    return write(Mutation.Delete.of(Key.of(key)));
  }

  private long write(Mutation mutation) {
    pipeline.write(PendingWrite.of(mutation, Durability.OS, encoding));
    return EncodedFrame.of(mutation, false).length();
  }

  /** Ends the active segment; returns it. */
  Segment roll() {
    Segment ended = log.activeSegment();
    pipeline.roll();
    return ended;
  }

  /** A complete segment of which nothing is live. */
  void addDeadSegment() {
    put("dead", 3_000);
    roll();
    put("dead", 10);
  }

  /** A complete segment half of which is live. */
  Segment addHalfDeadSegment(String key) {
    put(key, 1_000);
    put(key + "-dead", 1_000);
    Segment segment = roll();
    put(key + "-dead", 10);
    return segment;
  }

  void passMinute() {
    clock.advance(Duration.ofMinutes(1));
  }

  /** All segments but the one that is written. */
  List<Segment> complete() {
    return table.segments().all().stream()
        .filter(segment -> segment.fileNumber() != log.activeSegment().fileNumber())
        .toList();
  }

  boolean holds(String key) throws IOException {
    return table.find(Key.of(key), table.hash(Key.of(key))) != null;
  }

  EntryTable table() {
    return table;
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  KeyFiles keyFiles() {
    return keyFiles;
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** What all files take that are there, or are open still. */
  long usedBytes() throws IOException {
    disk.setCapacity(1L << 40);
    return (1L << 40) - disk.freeBytes();
  }

  /** What those take that are there. */
  long bytesOfFiles() {
    DiskImage image = disk.processKill();
    return image.names().stream().mapToLong(name -> image.bytes(name).length).sum();
  }

  // ---- what happens meanwhile

  /** Does something just before the first operation of that type. */
  static DiskListener onFirst(OperationType type, Runnable action) {
    return new DiskListener() {
      private boolean done;

      @Override
      public void before(Operation operation) {
        if (operation.type() == type && !done) {
          done = true;
          action.run();
        }
      }
    };
  }

  /** Lets all operations of that type fail. */
  static DiskListener failing(OperationType type, Supplier<IOException> failure) {
    return new DiskListener() {
      @Override
      public void before(Operation operation) throws IOException {
        if (operation.type() == type) {
          throw failure.get();
        }
      }
    };
  }
}
