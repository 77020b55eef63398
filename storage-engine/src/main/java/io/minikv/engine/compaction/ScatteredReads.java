package io.minikv.engine.compaction;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What scans have spent on values that lie far from those of the keys before them, and what a
 * compaction may copy for it into the order of the keys. So a store that is not scanned never
 * copies anything for that, and one that is copies about as much as it has paid for.
 *
 * <p>Thread-safe.
 */
public final class ScatteredReads {

  /** As long as a scan waits for a value that lies elsewhere, a compaction copies so many bytes. */
  private static final long BYTES_PER_READ = 16;

  private final long leastBytes;
  private final Runnable onDue;
  private final AtomicLong paidBytes = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();

  /** What has to be paid for before it is worth a look. */
  private volatile long dueBytes;

  /**
   * Without any.
   *
   * @param leastBytes less than that is not worth a compaction
   * @param onDue is run when scans may have paid for one; must be quick
   */
  public ScatteredReads(long leastBytes, Runnable onDue) {
    this.leastBytes = leastBytes;
    this.onDue = onDue;
    this.dueBytes = leastBytes;
  }

  /** A scan has read so many values of the log that lay elsewhere than the value before them. */
  public void add(long reads) {
    if (paidBytes.addAndGet(reads * BYTES_PER_READ) >= dueBytes
        && !told.get()
        && told.compareAndSet(false, true)) {
      onDue.run();
    }
  }

  /** Whether a compaction may have been paid for. */
  boolean isDue() {
    return paidBytes.get() >= dueBytes;
  }

  /** Whether a segment of so many bytes is worth a compaction. */
  boolean isWorthwhile(long bytes) {
    return bytes >= leastBytes;
  }

  /**
   * Pays for a compaction that copies so many bytes.
   *
   * @param bytes 0 when there is nothing to copy: then what was paid was for something else
   * @return whether it was paid for; if not, it is due when it is
   */
  boolean pay(long bytes) {
    boolean paid = bytes > 0 && paidBytes.get() >= bytes;
    if (bytes == 0) {
      paidBytes.set(0);
    } else if (paid) {
      paidBytes.addAndGet(-bytes);
    }
    dueBytes = bytes == 0 || paid ? leastBytes : bytes;
    told.set(false);
    return paid;
  }
}
