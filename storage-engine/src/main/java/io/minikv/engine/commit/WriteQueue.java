package io.minikv.engine.commit;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writes that nobody waits for, until they are appended. Bounded by the bytes of all that are
 * not answered yet. Thread-safe, and never blocks.
 */
final class WriteQueue {

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

  @Nullable PendingWrite<?> poll() {
    return writes.poll();
  }

  /** Takes a write back; false when it was taken already. */
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
