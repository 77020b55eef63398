package io.minikv.engine.commit;

import io.minikv.domain.BatchResult;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFile;
import io.minikv.engine.values.ValueFiles;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** A pipeline to a log of its own, without a store around it: each step is taken by the test. */
final class PipelineScenario {

  private static final StoreId STORE = new StoreId(1, 2);

  private final SimulatedDisk disk;
  private final MutableClock clock = new MutableClock();
  private final SegmentDirectory directory;
  private final EntryTable table;
  private final Log log;
  private final CommitPipeline pipeline;
  private final WriteEncoding encoding;
  private final Queue<Runnable> completions = new ConcurrentLinkedQueue<>();
  private final List<Long> tolls = new CopyOnWriteArrayList<>();

  PipelineScenario(SimulatedDisk disk, Durability durability, long segmentBytes)
      throws IOException {
    this(disk, durability, segmentBytes, 0);
  }

  PipelineScenario(SimulatedDisk disk, Durability durability, long segmentBytes, long reserveBytes)
      throws IOException {
    this.disk = disk;
    Manifest manifest = new Manifest(STORE, 0, 0, 0, 1, false, 0, List.of());
    directory = new SegmentDirectory(disk, clock, segmentBytes, manifest, 1, () -> 0);
    SegmentWriter active = directory.createLogSegment();
    SegmentSet segments = new SegmentSet();
    segments.add(active.segment());
    table =
        new EntryTable(new ShardedIndex(), segments, new KeyHasher(7), new ValueFiles(disk, STORE));
    log = new Log(directory, segments, active, 0, Runnable::run, this::failed, reserveBytes, true);
    pipeline = new CommitPipeline(log, table, clock, durability, completions::add, tolls::add);
    encoding = new WriteEncoding(table::hash, new Compressor(Optional.empty(), 0));
  }

  private void failed(IOException cause) {
    pipeline.fail(cause);
  }

  SimulatedDisk disk() {
    return disk;
  }

  MutableClock clock() {
    return clock;
  }

  Log log() {
    return log;
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  /** What writes were charged with, in bytes. */
  List<Long> tolls() {
    return tolls;
  }

  /** Does a write and waits for it. */
  WriteResult write(Mutation mutation, Durability durability) {
    return pipeline.write(pending(mutation, durability));
  }

  WriteResult put(String key, String value) {
    return write(putOf(key, value), Durability.OS);
  }

  BatchResult write(Mutation... mutations) {
    return pipeline.write(PendingWrite.of(WriteBatch.of(mutations), Durability.OS, encoding));
  }

  /** Does a write without waiting for it. */
  CompletableFuture<WriteResult> submit(Mutation mutation) {
    return pipeline.submit(pending(mutation, Durability.OS));
  }

  PendingWrite<WriteResult> pending(Mutation mutation, Durability durability) {
    return PendingWrite.of(mutation, durability, encoding);
  }

  static Mutation.Put putOf(String key, String value) {
    return Mutation.Put.of(Key.of(key), Value.of(value));
  }

  static Mutation.Delete deleteOf(String key) {
    return Mutation.Delete.of(Key.of(key));
  }

  /** Puts values in files of their own that are longer than some bytes. */
  StreamedWrites streamed(StoreLimits limits, int mostInLogBytes, Executor transfers) {
    return new StreamedWrites(
        pipeline,
        directory,
        table.values(),
        encoding,
        limits,
        mostInLogBytes,
        clock,
        transfers,
        completions::add);
  }

  /** From now on what is submitted waits until it is pumped; counts how often that is asked for. */
  Wakes holdSubmitted() {
    Wakes wakes = new Wakes();
    pipeline.wakeWith(wakes::add);
    return wakes;
  }

  /** From now on all operations of a type fail. */
  void failAt(OperationType type) {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == type) {
              throw new IOException("injected");
            }
          }
        });
  }

  /** A disk on which records are written by calls of the system, which can fail. */
  static SimulatedDisk diskWithoutMappings() {
    return new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
  }

  /** How often the one who pumps was woken. */
  static final class Wakes {

    private int count;

    private void add() {
      count++;
    }

    int count() {
      return count;
    }
  }

  /** Tells callers who do not wait what became of their writes. */
  void tell() {
    for (Runnable task = completions.poll(); task != null; task = completions.poll()) {
      task.run();
    }
  }

  /** The sequence number of the visible record of a key; nothing when it is absent. */
  Optional<Long> visible(String key) throws IOException {
    Found found = table.find(Key.of(key), table.hash(Key.of(key)));
    return found == null ? Optional.empty() : Optional.of(found.intactHead().sequence());
  }

  /** The value files that records of a segment name. */
  List<Long> valueFilesOf(long segment) {
    return table.values().namedBy(segment);
  }

  /** The length of the value that is visible under a key. */
  int valueLength(String key) throws IOException {
    return head(key).valueLength();
  }

  /** The value that is visible under a key, in a file of its own. */
  byte[] valueInFile(String key) throws IOException {
    FrameHead head = head(key);
    try (ValueFile file = table.values().open(head.valueFile(), Key.of(key), head.valueLength())) {
      return file.value();
    }
  }

  private FrameHead head(String key) throws IOException {
    Found found = table.find(Key.of(key), table.hash(Key.of(key)));
    if (found == null) {
      throw new AssertionError("absent: " + key);
    }
    return found.intactHead();
  }
}
