package io.minikv.engine.commit;

import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Log;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Puts writes in order: decides their conditions in log order, appends them, and makes them visible
 * in the same order when they are as durable as promised.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>What is visible was appended; what was promised durable is durable before it is visible.
 *   <li>Writes become visible in the order of their sequence numbers.
 *   <li>A condition is decided against all writes before it, visible or not.
 * </ol>
 *
 * <p>All methods are called under the lock of the writers, except those that say otherwise.
 */
final class WriteSequencer {

  private final Log log;
  private final EntryTable table;
  private final InstantSource clock;
  private final Durability storeDurability;

  /**
   * Appended or refused, in log order, not yet answered because they rest on what is not durable
   * yet.
   */
  private final ArrayDeque<PendingWrite<?>> unpublished = new ArrayDeque<>();

  /** The last one of the unpublished changes of each key. */
  private final Map<Key, PendingItem> pending = new HashMap<>();

  /** How many of the unpublished have callers that wait. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Visibility visibility;

  WriteSequencer(Log log, EntryTable table, InstantSource clock, Durability storeDurability) {
    this.log = log;
    this.table = table;
    this.clock = clock;
    this.storeDurability = storeDurability;
    this.visibility = new Visibility(log.lastSequence());
  }

  /** How far writes are visible. May be used without the lock. */
  Visibility visibility() {
    return visibility;
  }

  boolean hasUnpublished() {
    return !unpublished.isEmpty();
  }

  /** Whether none of their callers will force them: who watches the last one does it for all. */
  boolean isUnwatched() {
    PendingWrite<?> last = unpublished.peekLast();
    return last != null && !last.isWatched();
  }

  /** How many callers wait for writes that are not visible yet. May be called without the lock. */
  int waiting() {
    return waiting.get();
  }

  /** Where the first record begins that is appended but not visible yet. */
  long firstUnpublished() {
    for (PendingWrite<?> write : unpublished) {
      for (PendingItem item : write.items()) {
        if (item.isAppended()) {
          return item.location();
        }
      }
    }
    return Location.NONE;
  }

  /**
   * Decides and appends a write.
   *
   * @return whether it is answered at once; else {@link #publishReady} does it later
   * @throws IOException when the log failed; or is full, with nothing appended
   */
  boolean accept(PendingWrite<?> write) throws IOException {
    long nowMillis = clock.millis();
    boolean chained = false;
    for (PendingItem item : write.items()) {
      chained |= decide(item, write, nowMillis);
    }
    if (!write.isRefused()) {
      append(write, nowMillis);
    }
    boolean force = chained || (write.hasWritten() && mustBeForced(write.durability()));
    if (force) {
      write.waitsFor(log.unforced());
    }
    if (unpublished.isEmpty() && write.isReady(log)) {
      publish(write);
      return true;
    }
    unpublished.add(write);
    waiting.addAndGet(write.isDetached() ? 0 : 1);
    for (PendingItem item : write.items()) {
      if (item.isAppended()) {
        pending.put(item.key(), item);
      }
    }
    return false;
  }

  /** Whether a write is forced at once, as the store's own setting is less than it asks for. */
  private boolean mustBeForced(Durability asked) {
    return storeDurability == Durability.ALWAYS || asked.compareTo(storeDurability) > 0;
  }

  /**
   * Decides whether the condition of an item holds; tells whether that rests on a write that is not
   * visible yet.
   */
  private boolean decide(PendingItem item, PendingWrite<?> write, long nowMillis)
      throws IOException {
    PendingItem predecessor = pending.get(item.key());
    if (predecessor != null) {
      item.restsOn(predecessor, nowMillis);
    } else {
      Found visible = visible(item);
      item.restsOn(visible, version(visible, nowMillis));
      if (visible != null && visible.head() == null) {
        refuseConditionOnDamage(item, write, visible);
      }
    }
    Condition condition = item.mutation().condition();
    if (!write.isRefused() && !condition.isMetBy(item.previous())) {
      write.fail(new ConditionFailedException(item.key(), condition, item.previous()));
    }
    return item.isChained();
  }

  /**
   * Finds what is visible of the keys of a write, so that no record need be read under the lock:
   * that can take as long as the disk. Called without the lock.
   */
  void lookUpAhead(PendingWrite<?> write) {
    try {
      for (PendingItem item : write.items()) {
        item.lookedUpAhead(table.findToReplace(item.key(), item.hash()));
      }
    } catch (IOException | MappingClosedException _) {
      // What is left is looked up under the lock, and fails there if it must.
    }
    write.lookedUpAhead();
  }

  /** The same for queued writes: their own callers must not wait for the disk. */
  void lookUpAhead(Iterable<PendingWrite<?>> queued) {
    for (PendingWrite<?> write : queued) {
      if (!write.isLookedUpAhead()) {
        lookUpAhead(write);
      }
    }
  }

  private @Nullable Found visible(PendingItem item) throws IOException {
    return item.isLookedUpAhead() && table.isCurrent(item.hash(), item.ahead())
        ? item.ahead()
        : table.findToReplace(item.key(), item.hash());
  }

  private static Optional<Version> version(@Nullable Found visible, long nowMillis) {
    FrameHead head = visible == null ? null : visible.head();
    return head == null || Frame.isExpired(head.expiresAtMillis(), nowMillis)
        ? Optional.empty()
        : Optional.of(new Version(head.sequence()));
  }

  private static void refuseConditionOnDamage(
      PendingItem item, PendingWrite<?> write, Found damaged) {
    if (!(item.mutation().condition() instanceof Condition.Always)) {
      String file = damaged.segment().name();
      write.fail(
          new DamagedDataException(
              "The entry of the key "
                  + item.key()
                  + " is damaged ("
                  + file
                  + ", at byte "
                  + damaged.offset()
                  + "), so that no condition on it can be decided. Write it again without a condition.",
              Optional.of(item.key()),
              file));
    }
  }

  private void append(PendingWrite<?> write, long nowMillis) throws IOException {
    List<PendingItem> changes = write.changes();
    if (changes.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (PendingItem item : changes) {
      bytes += item.frame().length();
    }
    long sequence = log.takeSequence();
    log.makeRoom(bytes, write.mayUseReserve());
    changes.getLast().endBatch();
    long start = log.position();
    try {
      for (PendingItem item : changes) {
        item.frame().stamp(sequence, nowMillis);
        item.appendedAt(sequence, log.append(item.frame()));
      }
    } catch (DiskFullException e) {
      log.cutBack(start);
      throw e;
    }
    write.wroteAs(new Version(sequence));
    changes.forEach(this::nameValueFile);
    log.prepareAhead();
  }

  private void nameValueFile(PendingItem item) {
    EncodedFrame frame = item.frame();
    if (frame.isExternal()) {
      table
          .values()
          .name(
              Location.fileNumber(item.location()),
              frame.valueFile(),
              item.key().length(),
              frame.valueLength());
    }
  }

  /**
   * Makes all writes visible, in order, that are as durable as promised, and hands them out to be
   * answered.
   */
  void publishReady(List<PendingWrite<?>> published) throws IOException {
    for (PendingWrite<?> write = unpublished.peek();
        write != null && write.isReady(log);
        write = unpublished.peek()) {
      publish(write);
      published.add(write);
      unpublished.remove();
      waiting.addAndGet(write.isDetached() ? 0 : -1);
    }
  }

  private void publish(PendingWrite<?> write) throws IOException {
    if (!write.hasWritten()) {
      return;
    }
    boolean several = write.items().size() > 1;
    if (several) {
      visibility.beginBatch();
    }
    try {
      for (PendingItem item : write.items()) {
        if (item.isAppended()) {
          publish(item);
          visibility.advanceTo(item.sequence());
        }
      }
    } finally {
      if (several) {
        visibility.endBatch();
      }
    }
  }

  private void publish(PendingItem item) throws IOException {
    Key key = item.key();
    LiveRecord former = item.former();
    if (item.mutation() instanceof Mutation.Put) {
      table.put(key, item.hash(), item.record(), former);
    } else if (former != null) {
      table.remove(key, item.hash(), former);
    }
    item.published();
    pending.remove(key, item);
  }

  /** Gives up all that is not visible yet: the log failed. */
  void abandon(List<PendingWrite<?>> abandoned) {
    abandoned.addAll(unpublished);
    unpublished.clear();
    waiting.set(0);
    pending.clear();
  }
}
