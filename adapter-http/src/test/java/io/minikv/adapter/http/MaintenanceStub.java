package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The maintenance of a store with a health that a test sets, and with compactions that wait. */
final class MaintenanceStub implements StoreMaintenance {

  private final InMemoryKeyValueStore store;
  final CountDownLatch compacting = new CountDownLatch(1);
  volatile CountDownLatch mayCompact = new CountDownLatch(0);
  volatile StoreHealth health = StoreHealth.HEALTHY;

  MaintenanceStub(InMemoryKeyValueStore store) {
    this.store = store;
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }

  @Override
  public StoreHealth health() {
    return health;
  }

  @Override
  public CompactionReport compact(ProgressListener listener) {
    compacting.countDown();
    try {
      mayCompact.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return store.compact(listener);
  }

  @Override
  public SnapshotReport snapshot() {
    return store.snapshot();
  }

  @Override
  public VerificationReport verify(ProgressListener listener) {
    return store.verify(listener);
  }

  @Override
  public CheckpointReport checkpoint(Path directory) {
    return store.checkpoint(directory);
  }
}
