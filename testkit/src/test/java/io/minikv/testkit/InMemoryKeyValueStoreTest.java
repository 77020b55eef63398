package io.minikv.testkit;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.contract.KeyValueStoreContract;

class InMemoryKeyValueStoreTest extends KeyValueStoreContract {

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    return new InMemoryKeyValueStore(clock, limits);
  }
}
