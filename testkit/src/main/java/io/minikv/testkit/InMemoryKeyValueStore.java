package io.minikv.testkit;

import io.minikv.domain.Attributes;
import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.ScanOptions.Direction;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
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
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The ports in memory, for tests: every promise but {@link Capability#PERSISTENCE}, at the speed of
 * a tree. What was written is gone with the object; there is nothing to force, so every {@link
 * Durability} is as good as the others.
 *
 * <p>All that is stored is one immutable {@link Contents}. A write replaces it under a lock; reads
 * and cursors take the current one and need no lock. A cursor that is not closed holds on to
 * nothing but heap; {@link #openHandles} finds it in a test.
 *
 * <p>The stages of the completion forms end on a thread of their own. It has neither snapshots nor
 * checkpoints.
 */
public final class InMemoryKeyValueStore implements KeyValueStore, StoreMaintenance {

  private static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Capability.PERSISTENCE)));

  private final InstantSource clock;
  private final StoreLimits limits;
  private final InMemoryMaintenance maintenance;
  private final AtomicInteger openHandles = new AtomicInteger();

  /** Guards changes of the two fields below, which are read without it. */
  private final ReentrantLock writeLock = new ReentrantLock();

  private volatile Contents contents = Contents.EMPTY;
  private volatile boolean closed;

  /** An empty store by the system's clock, with {@link StoreLimits#DEFAULT}. */
  public InMemoryKeyValueStore() {
    this(InstantSource.system(), StoreLimits.DEFAULT);
  }

  /** An empty store with the strongest durability as its setting. */
  public InMemoryKeyValueStore(InstantSource clock, StoreLimits limits) {
    this(clock, limits, Durability.ALWAYS);
  }

  /**
   * An empty store.
   *
   * @param clock tells when entries are written and expire, and how old cursors are
   * @param limits what it accepts
   * @param durability the setting that its statistics tell
   */
  public InMemoryKeyValueStore(InstantSource clock, StoreLimits limits, Durability durability) {
    this.clock = clock;
    this.limits = limits;
    this.maintenance = new InMemoryMaintenance(this, clock, durability);
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public StoreLimits limits() {
    return limits;
  }

  /**
   * How many cursors, readers and writers were opened and not closed: what a test of a user of the
   * store wants to be 0.
   */
  public int openHandles() {
    return openHandles.get();
  }

  // ---- reads

  @Override
  public Optional<Entry> get(Key key) {
    return openContents().get(key, clock.millis());
  }

  @Override
  public Map<Key, Entry> getAll(Collection<Key> keys) {
    Contents view = openContents();
    long nowMillis = clock.millis();
    Map<Key, Entry> found = new LinkedHashMap<>();
    for (Key key : keys) {
      view.get(key, nowMillis).ifPresent(entry -> found.put(key, entry));
    }
    return Collections.unmodifiableMap(found);
  }

  @Override
  public Optional<EntryInfo> info(Key key) {
    return get(key).map(Entry::info);
  }

  @Override
  public Optional<ValueReader> openReader(Key key) {
    return get(key).map(entry -> new InMemoryValueReader(this, entry));
  }

  // ---- writes

  @Override
  public WriteResult write(Mutation mutation, Durability durability) {
    limits.check(mutation);
    BatchResult result = apply(List.of(mutation));
    return new WriteResult(result.version(), result.previous().getFirst());
  }

  @Override
  public BatchResult write(WriteBatch batch, Durability durability) {
    limits.check(batch);
    return apply(batch.mutations());
  }

  @Override
  public CompletionStage<WriteResult> writeAsync(Mutation mutation, Durability durability) {
    return completeLater(() -> write(mutation, durability));
  }

  @Override
  public CompletionStage<BatchResult> writeAsync(WriteBatch batch, Durability durability) {
    return completeLater(() -> write(batch, durability));
  }

  @Override
  public ValueWriter openWriter(
      Key key, Attributes attributes, Expiry expiry, Condition condition) {
    checkOpen();
    return new InMemoryValueWriter(
        this, new Mutation.Put(key, Value.empty(), attributes, expiry, condition));
  }

  @Override
  public void flush() {
    checkOpen();
  }

  private BatchResult apply(List<Mutation> mutations) {
    writeLock.lock();
    try {
      Contents before = openContents();
      long nowMillis = clock.millis();
      List<Optional<Version>> previous = decide(mutations, before, nowMillis);
      Version version = before.nextVersion();
      Contents after = before;
      for (int i = 0; i < mutations.size(); i++) {
        after =
            switch (mutations.get(i)) {
              case Mutation.Put put -> after.with(entryOf(put, version, nowMillis));
              case Mutation.Delete delete ->
                  previous.get(i).isPresent() ? after.without(delete.key(), version) : after;
            };
      }
      contents = after;
      boolean written = after.lastSequence() == version.sequence();
      if (written) {
        maintenance.written(after.log().records() - before.log().records());
      }
      return new BatchResult(written ? Optional.of(version) : Optional.empty(), previous);
    } finally {
      writeLock.unlock();
    }
  }

  /** The version under each key, after all conditions were found to hold. */
  private static List<Optional<Version>> decide(
      List<Mutation> mutations, Contents before, long nowMillis) {
    List<Optional<Version>> previous = new ArrayList<>(mutations.size());
    for (Mutation mutation : mutations) {
      Optional<Version> current = before.get(mutation.key(), nowMillis).map(Entry::version);
      if (!mutation.condition().isMetBy(current)) {
        throw new ConditionFailedException(mutation.key(), mutation.condition(), current);
      }
      previous.add(current);
    }
    return previous;
  }

  private static Entry entryOf(Mutation.Put put, Version version, long nowMillis) {
    long expiresAtMillis =
        switch (put.expiry()) {
          case Expiry.Never _ -> EntryInfo.NEVER_MILLIS;
          case Expiry.After after -> nowMillis + after.timeToLive().toMillis();
          case Expiry.At at -> at.instant().toEpochMilli();
        };
    return new Entry(
        new EntryInfo(
            put.key(), version, put.value().length(), put.attributes(), nowMillis, expiresAtMillis),
        put.value());
  }

  /**
   * Does a write at once, so that writes keep the order of their calls, and ends the stage on a
   * thread of its own, so that dependent actions hold up nobody.
   */
  <T> CompletionStage<T> completeLater(Supplier<T> write) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Runnable completion;
    try {
      T result = write.get();
      completion = () -> stage.complete(result);
    } catch (StoreException e) {
      completion = () -> stage.completeExceptionally(e);
    }
    Thread.ofVirtual().name("in-memory-completion").start(completion);
    return stage;
  }

  // ---- scans

  @Override
  public Cursor scan(KeyRange range, ScanOptions options) {
    Iterator<Entry> entries = openContents().entries().iterator(range, options.direction());
    Instant now = clock.instant();
    return new InMemoryCursor(this, clock, options, now, entries);
  }

  @Override
  public long count(KeyRange range) {
    Iterator<Entry> entries = openContents().entries().iterator(range, Direction.FORWARDS);
    long nowMillis = clock.millis();
    long count = 0;
    while (entries.hasNext()) {
      if (Contents.isPresent(entries.next(), nowMillis)) {
        count++;
      }
    }
    return count;
  }

  // ---- maintenance

  @Override
  public StoreStatistics statistics() {
    return maintenance.statistics(contents);
  }

  @Override
  public StoreHealth health() {
    return closed
        ? new StoreHealth(false, false, List.of("The store is closed."))
        : StoreHealth.HEALTHY;
  }

  @Override
  public CompactionReport compact(ProgressListener listener) {
    return maintenance.compact(listener);
  }

  @Override
  public VerificationReport verify(ProgressListener listener) {
    return maintenance.verify(openContents(), listener);
  }

  @Override
  public SnapshotReport snapshot() {
    checkOpen();
    throw new NotSupportedException("A store in memory has no snapshots.");
  }

  @Override
  public CheckpointReport checkpoint(Path directory) {
    checkOpen();
    throw new NotSupportedException("A store in memory has no checkpoints.");
  }

  /** Replaces the contents by what is made of them. Writes wait meanwhile. */
  Change change(UnaryOperator<Contents> maker) {
    writeLock.lock();
    try {
      Contents before = openContents();
      contents = maker.apply(before);
      return new Change(before, contents);
    } finally {
      writeLock.unlock();
    }
  }

  /** The contents before and after a change. */
  record Change(Contents before, Contents after) {}

  // ---- end

  @Override
  public void close() {
    writeLock.lock();
    try {
      closed = true;
    } finally {
      writeLock.unlock();
    }
  }

  void checkOpen() {
    if (closed) {
      throw new StoreClosedException("The store is closed. Open another one.");
    }
  }

  private Contents openContents() {
    checkOpen();
    return contents;
  }

  void handleOpened() {
    openHandles.incrementAndGet();
  }

  void handleClosed() {
    openHandles.decrementAndGet();
  }
}
