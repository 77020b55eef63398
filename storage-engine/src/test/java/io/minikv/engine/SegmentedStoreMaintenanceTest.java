package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.StoreMaintenanceContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of maintenance on real files. */
class SegmentedStoreMaintenanceTest extends StoreMaintenanceContract {

  @TempDir private Path directory;

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    return SegmentedStore.open(
        directory.resolve("store"),
        EngineOptions.DEFAULT
            .withSegmentBytes(16 << 10)
            .withCompaction(CompactionOptions.ON_DEMAND)
            .withLimits(limits)
            .withClock(clock));
  }

  @Override
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    return openStore(clock, limits);
  }

  @Override
  protected StoreMaintenance maintenanceOf(KeyValueStore store) {
    return (SegmentedStore) store;
  }
}
