package io.minikv.engine.commit;

import io.minikv.domain.BatchResult;
import io.minikv.domain.Durability;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreException;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.segment.Log;
import io.minikv.engine.threads.Uninterruptibly;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write on its way. Made and encoded by the caller's thread; from then on everything is guarded
 * by the lock of the writers, except what tells the caller its outcome.
 *
 * @param <R> what the caller gets
 */
public final class PendingWrite<R> {

  private final List<PendingItem> items;
  private final Durability durability;
  private final Function<PendingWrite<?>, R> toResult;

  /**
   * Where the caller gets its answer that goes on without waiting, so that what it attached must
   * not run on a thread of the store; nothing when the caller waits.
   */
  private @Nullable CompletableFuture<R> future;

  /** Whether its outcome is there to be taken by the caller that waits for it. */
  private volatile boolean told;

  /** The caller, when it only sleeps; until then it looks after its write itself. */
  private volatile @Nullable Thread sleeper;

  /** Whether its keys were looked up; set by any thread, without the lock. */
  private volatile boolean lookedUpAhead;

  /** What must be durable before it is answered. */
  private Log.@Nullable Extent extent;

  private Optional<Version> version = Optional.empty();
  private @Nullable StoreException failure;
  private boolean answered;

  private PendingWrite(
      List<PendingItem> items, Durability durability, Function<PendingWrite<?>, R> toResult) {
    this.items = items;
    this.durability = durability;
    this.toResult = toResult;
  }

  /** The write of one mutation. */
  public static PendingWrite<WriteResult> of(
      Mutation mutation, Durability durability, WriteEncoding encoding) {
    return of(PendingItem.of(mutation, false, encoding), durability);
  }

  /** The write of a put whose value is in a file of its own. */
  static PendingWrite<WriteResult> of(
      Mutation.Put put, StoredValue stored, Durability durability, WriteEncoding encoding) {
    EncodedFrame frame = EncodedFrame.of(put, stored, false);
    return of(PendingItem.of(put, frame, false, encoding.hash()), durability);
  }

  private static PendingWrite<WriteResult> of(PendingItem item, Durability durability) {
    return new PendingWrite<>(
        List.of(item),
        durability,
        write -> new WriteResult(write.version, write.items.getFirst().previous()));
  }

  /** The write of a batch. */
  public static PendingWrite<BatchResult> of(
      WriteBatch batch, Durability durability, WriteEncoding encoding) {
    List<Mutation> mutations = batch.mutations();
    List<PendingItem> items = new ArrayList<>(mutations.size());
    for (Mutation mutation : mutations) {
      items.add(PendingItem.of(mutation, mutations.size() > 1, encoding));
    }
    return new PendingWrite<>(items, durability, PendingWrite::batchResult);
  }

  List<PendingItem> items() {
    return items;
  }

  private BatchResult batchResult() {
    return new BatchResult(version, items.stream().map(PendingItem::previous).toList());
  }

  /** Those that have anything to append. */
  List<PendingItem> changes() {
    if (items.size() == 1) {
      return items.getFirst().changesSomething() ? items : List.of();
    }
    return items.stream().filter(PendingItem::changesSomething).toList();
  }

  /** Whether it may take the last space of a disk: deletes alone may, as they give space back. */
  boolean mayUseReserve() {
    for (PendingItem item : items) {
      if (!(item.mutation() instanceof Mutation.Delete)) {
        return false;
      }
    }
    return true;
  }

  Durability durability() {
    return durability;
  }

  /** The memory that it holds, in bytes, more or less. */
  long bytes() {
    long bytes = 0;
    for (PendingItem item : items) {
      bytes += item.frame().length();
    }
    return bytes;
  }

  /** Its keys were looked up ahead, as far as they could be read. */
  void lookedUpAhead() {
    lookedUpAhead = true;
  }

  /** Whether that was done, so that accepting it takes a moment only. */
  boolean isLookedUpAhead() {
    return lookedUpAhead;
  }

  /** Its caller does not wait; called before anybody else has the write. */
  void detach() {
    future = new CompletableFuture<>();
  }

  boolean isDetached() {
    return future != null;
  }

  /** Its answer must wait until that is durable. */
  void waitsFor(Log.Extent newExtent) {
    extent = newExtent;
  }

  /** Whether the log is durable as far as the answer rests on it. */
  boolean isReady(Log log) {
    Log.Extent awaited = extent;
    return awaited == null || log.isDurable(awaited);
  }

  void wroteAs(Version newVersion) {
    version = Optional.of(newVersion);
  }

  /** Whether it appended records, which take effect when it is published. */
  boolean hasWritten() {
    return version.isPresent();
  }

  /** How many records it appended. */
  int recordCount() {
    int count = 0;
    for (PendingItem item : items) {
      count += item.isAppended() ? 1 : 0;
    }
    return count;
  }

  void fail(StoreException newFailure) {
    failure = newFailure;
  }

  /** Whether this is the first answer that it gets. */
  boolean takeAnswer() {
    boolean first = !answered;
    answered = true;
    return first;
  }

  boolean isRefused() {
    return failure != null;
  }

  /** Gives the answer to whoever waits for it. Called without a lock. */
  void complete() {
    StoreException failed = failure;
    CompletableFuture<R> awaited = future;
    if (awaited == null) {
      told = true;
      LockSupport.unpark(sleeper);
    } else if (failed != null) {
      awaited.completeExceptionally(failed);
    } else {
      awaited.complete(toResult.apply(this));
    }
  }

  /** Whether its caller, which waits, may take the {@link #result}. */
  boolean isTold() {
    return told;
  }

  /** Whether its caller is awake, so that it forces the log itself when nobody else does. */
  boolean isWatched() {
    return !isDetached() && sleeper == null;
  }

  /** From now on its caller sleeps, or is about to: somebody else has to force the log. */
  void unwatch() {
    sleeper = Thread.currentThread();
  }

  /** Sleeps until it is told, after {@link #unwatch}; an interrupt does not end that. */
  void await() {
    Uninterruptibly.park(this, this::isTold);
  }

  /** The answer, to the thread that waited for it. */
  R result() {
    StoreException failed = failure;
    if (failed != null) {
      failed.fillInStackTrace();
      throw failed;
    }
    return toResult.apply(this);
  }

  /** The answer to a caller that does not wait, after {@link #detach}. */
  CompletableFuture<R> future() {
    return Objects.requireNonNull(future);
  }
}
