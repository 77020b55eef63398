package io.minikv.engine.commit;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writes that nobody waits for, until they are appended. Bounded by the bytes of all that are
 * not answered yet. Thread-safe, and never blocks.
 */
final class WriteQueue implements Iterable<PendingWrite<?>> {

  /** How many bytes of such writes may be on their way. */
  static final long MOST_BYTES = 64L << 20;

  /** What a write on its way takes beside its records, in bytes, more or less. */
  private static final long OVERHEAD = 512;

  private final ConcurrentLinkedQueue<PendingWrite<?>> writes = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  /** Adds a write; false when there are too many. One alone is never too large. */
  boolean offer(PendingWrite<?> write) {
    long size = write.bytes() + OVERHEAD;
    long before = bytes.getAndAdd(size);
    if (before > 0 && before + size > MOST_BYTES) {
      bytes.addAndGet(-size);
      return false;
    }
    return writes.add(write);
  }

  /** Takes the first one out, if its keys were looked up ahead. */
  @Nullable PendingWrite<?> pollLookedUp() {
    PendingWrite<?> first = writes.peek();
    return first != null && first.isLookedUpAhead() && writes.remove(first) ? first : null;
  }

  /** Those that are queued; one that comes or goes meanwhile may be among them. */
  @Override
  public Iterator<PendingWrite<?>> iterator() {
    return writes.iterator();
  }

  /** Takes a write out; false when that was done before. */
  boolean remove(PendingWrite<?> write) {
    return writes.remove(write);
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  /** A write that was added is answered. */
  void release(PendingWrite<?> write) {
    bytes.addAndGet(-(write.bytes() + OVERHEAD));
  }
}
