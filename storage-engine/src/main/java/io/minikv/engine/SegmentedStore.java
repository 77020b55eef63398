package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.commit.PendingWrite;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The store on segmented, append-only logs in one directory.
 *
 * <p>Thread-safe. What it promises is what its ports promise; {@link EngineOptions} sets how
 * durable a write is at least.
 */
public final class SegmentedStore implements KeyValueStore, StoreMaintenance {

  private static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.allOf(Capability.class));

  private final OpenStore store;

  private SegmentedStore(OpenStore store) {
    this.store = store;
  }

  /**
   * Opens the store in a directory, or creates it where the directory is missing or empty. The
   * directory is locked until {@link #close}.
   *
   * @throws StoreUnavailableException when it is in use, cannot be read or written, is not a store,
   *     or is damaged
   */
  public static SegmentedStore open(Path directory, EngineOptions options) {
    return new SegmentedStore(Opening.of(directory, options));
  }

  /** Opens the store on a disk, with these threads; for tests. */
  static SegmentedStore open(Disk disk, EngineOptions options, EngineThreads threads) {
    return new SegmentedStore(Opening.of(disk, options, threads));
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public StoreLimits limits() {
    return store.options().limits();
  }

  @Override
  public Optional<Entry> get(Key key) {
    return store.reader().get(key);
  }

  @Override
  public int read(Key key, byte[] target) {
    return store.reader().read(key, target);
  }

  @Override
  public Map<Key, Entry> getAll(Collection<Key> keys) {
    return store.reader().getAll(keys);
  }

  @Override
  public Optional<EntryInfo> info(Key key) {
    return store.reader().info(key);
  }

  @Override
  public Optional<ValueReader> openReader(Key key) {
    return store.reader().openReader(key);
  }

  @Override
  public WriteResult write(Mutation mutation, Durability durability) {
    WriteResult result = store.pipeline().write(pending(mutation, durability));
    store.snapshots().takeIfDue();
    return result;
  }

  @Override
  public BatchResult write(WriteBatch batch, Durability durability) {
    BatchResult result = store.pipeline().write(pending(batch, durability));
    store.snapshots().takeIfDue();
    return result;
  }

  @Override
  public CompletionStage<WriteResult> writeAsync(Mutation mutation, Durability durability) {
    try {
      CompletableFuture<WriteResult> stage = store.pipeline().submit(pending(mutation, durability));
      store.snapshots().takeIfDue();
      return stage;
    } catch (InvalidRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<BatchResult> writeAsync(WriteBatch batch, Durability durability) {
    try {
      CompletableFuture<BatchResult> stage = store.pipeline().submit(pending(batch, durability));
      store.snapshots().takeIfDue();
      return stage;
    } catch (InvalidRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private PendingWrite<WriteResult> pending(Mutation mutation, Durability durability) {
    limits().check(mutation);
    return PendingWrite.of(mutation, durability, store.encoding());
  }

  private PendingWrite<BatchResult> pending(WriteBatch batch, Durability durability) {
    limits().check(batch);
    return PendingWrite.of(batch, durability, store.encoding());
  }

  @Override
  public ValueWriter openWriter(
      Key key, Attributes attributes, Expiry expiry, Condition condition) {
    return store
        .streamedWrites()
        .open(new Mutation.Put(key, Value.empty(), attributes, expiry, condition));
  }

  @Override
  public void flush() {
    store.pipeline().flush();
  }

  @Override
  public Cursor scan(KeyRange range, ScanOptions options) {
    return store.scans().scan(range, options);
  }

  @Override
  public long count(KeyRange range) {
    return store.scans().count(range);
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }

  @Override
  public StoreHealth health() {
    return store.health();
  }

  @Override
  public CompactionReport compact(ProgressListener listener) {
    return compact(() -> store.compact(listener));
  }

  /** Compacts what is due, as the engine does by itself; nothing when nothing is. */
  Optional<CompactionReport> compactDue() {
    return compact(store::compactDue);
  }

  private <T> T compact(Compaction<T> compaction) {
    store.checkOpen();
    try {
      return compaction.run();
    } catch (DamagedSegmentException e) {
      throw new DamagedDataException(
          "A compaction left segments as they are, for they are damaged: "
              + Stream.concat(Stream.of(e), Stream.of(e.getSuppressed()))
                  .map(Throwable::getMessage)
                  .collect(Collectors.joining("; "))
              + ". The others were compacted.",
          Optional.empty(),
          e.file());
    } catch (IOException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FAILED,
          "The compaction failed: " + e.getMessage() + ".",
          e);
    }
  }

  /** A way to compact. */
  private interface Compaction<T> {

    T run() throws IOException;
  }

  @Override
  public SnapshotReport snapshot() {
    store.checkOpen();
    try {
      return store.snapshots().take();
    } catch (DiskFullException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FULL,
          "The disk is too full for an index snapshot (" + e.getMessage() + ").",
          e);
    } catch (IOException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FAILED,
          "The index snapshot failed: " + e.getMessage() + ".",
          e);
    }
  }

  @Override
  public VerificationReport verify(ProgressListener listener) {
    store.checkOpen();
    return store.verify(listener);
  }

  @Override
  public CheckpointReport checkpoint(Path directory) {
    store.checkOpen();
    try {
      return store.checkpoint(directory);
    } catch (DiskFullException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FULL,
          "The disk is too full for a checkpoint (" + e.getMessage() + "). Nothing is left of it.",
          e);
    } catch (IOException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FAILED,
          "The checkpoint failed: " + e.getMessage() + ". The store itself goes on.",
          e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
