package io.minikv.testkit;

import io.minikv.domain.Attributes;
import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Another store whose calls fail or wait as a test tells: how users of the port are tested against
 * a full disk, overload, damage and slowness. Until it is told anything it is the other store.
 *
 * <p>A call that fails does not reach the other store. A call that is held reaches it when it is
 * released: until then a blocking one does not return, and the stage of a completion form does not
 * end.
 *
 * <p>Thread-safe; cursors, readers and writers as in the other store.
 */
public final class FaultyKeyValueStore implements KeyValueStore {

  private final KeyValueStore store;
  private final Faults faults = new Faults();

  /** What can fail or wait. */
  public enum Call {
    /** {@link KeyValueStore#get} and {@link KeyValueStore#read}. */
    GET,
    /** {@link KeyValueStore#getAll}. */
    GET_ALL,
    /** {@link KeyValueStore#info} and {@link KeyValueStore#exists}. */
    INFO,
    /** {@link KeyValueStore#openReader}. */
    OPEN_READER,
    /** {@link ValueReader#read}. */
    READ,
    /** Every form of {@code put}, {@code delete}, {@code write} and {@code commit}. */
    WRITE,
    /** {@link KeyValueStore#openWriter}. */
    OPEN_WRITER,
    /** {@link ValueWriter#write}. */
    APPEND,
    /** {@link KeyValueStore#flush}. */
    FLUSH,
    /** {@link KeyValueStore#scan}. */
    SCAN,
    /** {@link Cursor#next}. */
    NEXT,
    /** {@link KeyValueStore#count}. */
    COUNT,
    /** {@link KeyValueStore#close}; the other store is closed all the same. */
    CLOSE
  }

  /** In front of a store, which is closed with this one. */
  public FaultyKeyValueStore(KeyValueStore store) {
    this.store = store;
  }

  // ---- what a test tells

  /** Lets all these calls fail from now on, each with a new exception. */
  public void fail(Call call, Supplier<? extends StoreException> failure) {
    faults.fail(call, failure, 0, Integer.MAX_VALUE);
  }

  /** Lets one of these calls fail, after so many that do not. */
  public void failOnceAfter(int calls, Call call, Supplier<? extends StoreException> failure) {
    faults.fail(call, failure, calls, 1);
  }

  /** Holds all these calls from now on, until {@link #release}. */
  public void hold(Call call) {
    faults.hold(call);
  }

  /** How many of these calls are held now. */
  public int held(Call call) {
    return faults.held(call);
  }

  /**
   * Lets those go on that are held, in the order in which they came where they were made without
   * waiting.
   */
  public void release(Call call) {
    faults.release(call);
  }

  /** Forgets all failures and releases all that is held. */
  public void heal() {
    faults.heal();
  }

  // ---- the port

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public StoreLimits limits() {
    return store.limits();
  }

  @Override
  public Optional<Entry> get(Key key) {
    faults.pass(Call.GET);
    return store.get(key);
  }

  @Override
  public int read(Key key, byte[] target) {
    faults.pass(Call.GET);
    return store.read(key, target);
  }

  @Override
  public Map<Key, Entry> getAll(Collection<Key> keys) {
    faults.pass(Call.GET_ALL);
    return store.getAll(keys);
  }

  @Override
  public Optional<EntryInfo> info(Key key) {
    faults.pass(Call.INFO);
    return store.info(key);
  }

  @Override
  public Optional<ValueReader> openReader(Key key) {
    faults.pass(Call.OPEN_READER);
    return store.openReader(key).map(reader -> new FaultyHandles.Reader(reader, faults));
  }

  @Override
  public WriteResult write(Mutation mutation, Durability durability) {
    faults.pass(Call.WRITE);
    return store.write(mutation, durability);
  }

  @Override
  public BatchResult write(WriteBatch batch, Durability durability) {
    faults.pass(Call.WRITE);
    return store.write(batch, durability);
  }

  @Override
  public CompletionStage<WriteResult> writeAsync(Mutation mutation, Durability durability) {
    return faults.passLater(Call.WRITE, () -> store.writeAsync(mutation, durability));
  }

  @Override
  public CompletionStage<BatchResult> writeAsync(WriteBatch batch, Durability durability) {
    return faults.passLater(Call.WRITE, () -> store.writeAsync(batch, durability));
  }

  @Override
  public ValueWriter openWriter(
      Key key, Attributes attributes, Expiry expiry, Condition condition) {
    faults.pass(Call.OPEN_WRITER);
    ValueWriter writer = store.openWriter(key, attributes, expiry, condition);
    return new FaultyHandles.Writer(writer, faults);
  }

  @Override
  public void flush() {
    faults.pass(Call.FLUSH);
    store.flush();
  }

  @Override
  public Cursor scan(KeyRange range, ScanOptions options) {
    faults.pass(Call.SCAN);
    return new FaultyHandles.FaultyCursor(store.scan(range, options), faults);
  }

  @Override
  public long count(KeyRange range) {
    faults.pass(Call.COUNT);
    return store.count(range);
  }

  @Override
  public void close() {
    try {
      faults.pass(Call.CLOSE);
    } finally {
      store.close();
    }
  }
}
