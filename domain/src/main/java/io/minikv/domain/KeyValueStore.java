package io.minikv.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A store of entries by key: the port that applications and adapters call and engines implement.
 *
 * <p><b>Threads.</b> All methods may be called by any number of threads at once. An interrupt of a
 * calling thread neither ends the call nor harms the store; the thread's interrupt status is kept.
 *
 * <p><b>Atomicity and order.</b> Every write takes effect at one moment between its call and its
 * return, in the order of the versions; a read sees all writes that took effect before it. A batch
 * takes effect as one.
 *
 * <p><b>Visibility.</b> A write becomes visible after it is as durable as promised. What a reader
 * has seen is never taken back by a crash that the store's own {@link Durability} covers. The
 * outcome of a condition, a refusal included, is told only when what it rests on is as durable.
 *
 * <p><b>Durability.</b> A write that returned is as durable as the store's setting, or as the
 * stronger {@code durability} that it asked for. {@link Durability#OS} as an argument therefore
 * asks for nothing beyond the setting.
 *
 * <p><b>Errors.</b> Every failure is a {@link StoreException}; what a caller can do next is the
 * subclass. Except where a method says otherwise, a write that failed did not happen and never
 * will; the exception is {@link OutcomeUnknownException}. Each method may also throw {@link
 * StoreClosedException}; reads may throw {@link DamagedDataException} for the damaged key alone.
 *
 * <p>What a backend cannot promise is missing from {@link #capabilities()}.
 */
public interface KeyValueStore extends AutoCloseable {

  /** What {@link #read} returns when the key is absent. */
  int ABSENT = -1;

  /** The promises that this store keeps. Fixed while it is open. */
  Set<Capability> capabilities();

  /** What it accepts at the most. Fixed while it is open. */
  StoreLimits limits();

  // ---- reads

  /** The entry under a key, or nothing when it is absent. */
  Optional<Entry> get(Key key);

  /**
   * Copies the value under a key to the start of an array: {@link #get} for callers that read
   * often, want nothing but the value, and would rather not have an object made for each read. Of a
   * value that is longer than the array they get the beginning. When it fails, the array may hold
   * anything.
   *
   * @return the length of the value in bytes, also when that is more than the array holds, or
   *     {@link #ABSENT}
   */
  default int read(Key key, byte[] target) {
    Optional<Entry> found = get(key);
    if (found.isEmpty()) {
      return ABSENT;
    }
    Value value = found.get().value();
    value.copyTo(0, target, 0, Math.min(value.length(), target.length));
    return value.length();
  }

  /**
   * The entries under several keys, all as of one moment. Absent keys are missing from the result;
   * a key named twice is there once. The order of the result is that in which the keys came.
   */
  Map<Key, Entry> getAll(Collection<Key> keys);

  /**
   * All but the value of the entry under a key, without reading the value; nothing when it is
   * absent.
   */
  Optional<EntryInfo> info(Key key);

  /** Whether the key is present. */
  default boolean exists(Key key) {
    return info(key).isPresent();
  }

  /**
   * Opens the value under a key for reading it in pieces, wherever in it; nothing when the key is
   * absent. The reader goes on seeing this version when the key is overwritten or deleted. It must
   * be closed.
   */
  Optional<ValueReader> openReader(Key key);

  // ---- writes

  /**
   * Stores a value, as {@link #write(Mutation, Durability)} without condition, attributes and
   * expiry.
   */
  default WriteResult put(Key key, Value value) {
    return write(Mutation.Put.of(key, value));
  }

  /** Makes a key absent, as {@link #write(Mutation, Durability)} without condition. */
  default WriteResult delete(Key key) {
    return write(Mutation.Delete.of(key));
  }

  /** As {@link #write(Mutation, Durability)} with the store's own durability. */
  default WriteResult write(Mutation mutation) {
    return write(mutation, Durability.OS);
  }

  /**
   * Changes one key. Returns when the change is as durable as promised and visible. A delete of an
   * absent key writes nothing.
   *
   * @param durability what it asks for beyond the store's setting
   * @throws LimitExceededException when the value is longer than {@link #limits()} allows
   * @throws ConditionFailedException when the condition does not hold; nothing is changed
   * @throws OverloadedException when too much is in flight; nothing is changed
   * @throws OutcomeUnknownException when the disk failed in the middle: the change may or may not
   *     be there after the store is opened again, and is not visible before
   * @throws NotWritableException when the store does not take writes now; nothing is changed
   */
  WriteResult write(Mutation mutation, Durability durability);

  /** As {@link #write(WriteBatch, Durability)} with the store's own durability. */
  default BatchResult write(WriteBatch batch) {
    return write(batch, Durability.OS);
  }

  /**
   * Changes several keys, all or none of them, also across a crash. All conditions are decided
   * against the store before the batch; when one does not hold, nothing is changed.
   *
   * @param durability what it asks for beyond the store's setting
   * @throws StoreException as {@link #write(Mutation, Durability)}, and {@link
   *     LimitExceededException} when the batch is larger than {@link #limits()} allows
   */
  BatchResult write(WriteBatch batch, Durability durability);

  /**
   * As {@link #write(Mutation, Durability)}, without waiting. Never blocks and never throws a
   * {@link StoreException} itself: every failure ends the stage, which then holds that exception
   * itself, not wrapped. When too much is in flight that is {@link OverloadedException}, at once.
   * Dependent actions never run on a thread that the store needs. Cancelling the stage does not
   * take the write back.
   */
  CompletionStage<WriteResult> writeAsync(Mutation mutation, Durability durability);

  /**
   * As {@link #write(WriteBatch, Durability)}, without waiting, as {@link #writeAsync(Mutation,
   * Durability)}.
   */
  CompletionStage<BatchResult> writeAsync(WriteBatch batch, Durability durability);

  /**
   * Begins a put whose value comes in pieces, of a length that need not be known. Nothing is
   * visible and no other write waits until the writer commits; the condition is decided then. The
   * writer must be closed, which throws away what was not committed.
   *
   * @throws NotSupportedException when the store lacks {@link Capability#STREAMED_WRITES}
   * @throws NotWritableException when the store does not take writes now
   */
  ValueWriter openWriter(Key key, Attributes attributes, Expiry expiry, Condition condition);

  /**
   * Makes all writes that returned before the call, of any durability, as durable as {@link
   * Durability#ALWAYS}.
   *
   * @throws NotWritableException when the disk fails, or failed before: what is not durable now may
   *     be lost in a power cut
   */
  void flush();

  // ---- scans

  /**
   * Opens a cursor over the entries of a range in the order of their keys. It sees exactly the
   * store as of this call, however long it runs and whatever is written meanwhile. No write waits
   * for it. It must be closed.
   */
  Cursor scan(KeyRange range, ScanOptions options);

  /** As {@link #scan(KeyRange, ScanOptions)} with {@link ScanOptions#DEFAULT}. */
  default Cursor scan(KeyRange range) {
    return scan(range, ScanOptions.DEFAULT);
  }

  /** How many keys of a range are present. Takes as long as it takes to scan their keys. */
  long count(KeyRange range);

  // ---- end

  /**
   * Ends the store. Writes that were accepted before are finished first and made durable;
   * everything later, and every cursor, reader and writer that is still open, ends with {@link
   * StoreClosedException}. Closing again does nothing.
   *
   * @throws StoreException when what was written could not be made durable; the store is closed all
   *     the same
   */
  @Override
  void close();
}
