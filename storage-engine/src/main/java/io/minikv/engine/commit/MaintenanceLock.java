package io.minikv.engine.commit;

import io.minikv.domain.InvalidRequestException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps compactions and index snapshots apart. A compaction holds it from the first record that it
 * takes for live until its segments are listed: a snapshot in between would know of deletions that
 * the copies do not, and their tombstones would not be read again. A snapshot holds it from the
 * moment that it is of until it has its name.
 *
 * <p>A part of it keeps compactions and checkpoints apart: a checkpoint needs the names of the
 * files, which a compaction takes away only when it takes effect. So no checkpoint waits for a
 * compaction that copies, which can take minutes where its rate is limited.
 *
 * <p>Thread-safe.
 */
public final class MaintenanceLock {

  private final ReentrantLock lock = new ReentrantLock();

  /** Where both are taken, this comes second. */
  private final ReentrantLock names = new ReentrantLock();

  /**
   * Takes the lock.
   *
   * @throws InvalidRequestException when this thread holds it: what runs inside of one of the two
   *     cannot begin another
   */
  public Held acquire() {
    if (lock.isHeldByCurrentThread()) {
      throw new InvalidRequestException(
          "Maintenance cannot begin within the progress report of another one.");
    }
    lock.lock();
    return lock::unlock;
  }

  /**
   * Takes the part of it that keeps the names of all files of the store: a checkpoint while it
   * links them, a compaction while it puts segments in place of others.
   */
  public Held acquireNames() {
    names.lock();
    return names::unlock;
  }

  /** Takes the lock if nobody holds it, this thread included; else nothing. */
  public @Nullable Held tryAcquire() {
    return !lock.isHeldByCurrentThread() && lock.tryLock() ? lock::unlock : null;
  }

  /** The lock, to be given back. */
  public interface Held extends AutoCloseable {

    @Override
    void close();
  }
}
