package io.minikv.testkit;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.testkit.contract.StoreMaintenanceContract;

class InMemoryMaintenanceTest extends StoreMaintenanceContract {

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    return new InMemoryKeyValueStore(clock, limits);
  }

  @Override
  protected StoreMaintenance maintenanceOf(KeyValueStore store) {
    return (InMemoryKeyValueStore) store;
  }
}
