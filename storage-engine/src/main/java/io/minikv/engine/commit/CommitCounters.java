package io.minikv.engine.commit;

import io.minikv.domain.maintenance.CommitStatistics;
import java.util.concurrent.atomic.AtomicLong;

/** Counts writes and forces. Thread-safe. */
final class CommitCounters {

  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong forcedWrites = new AtomicLong();

  void countWrite(PendingWrite<?> write) {
    if (!write.isRefused()) {
      writes.incrementAndGet();
      records.addAndGet(write.recordCount());
    }
  }

  void countForce() {
    forces.incrementAndGet();
  }

  void countForcedWrites(int count) {
    forcedWrites.addAndGet(count);
  }

  CommitStatistics statistics() {
    return new CommitStatistics(writes.get(), records.get(), forces.get(), forcedWrites.get());
  }
}
