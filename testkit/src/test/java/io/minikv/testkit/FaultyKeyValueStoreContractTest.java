package io.minikv.testkit;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.contract.KeyValueStoreContract;

/** A faulty store that was told nothing is as good as the one behind it. */
class FaultyKeyValueStoreContractTest extends KeyValueStoreContract {

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    return new FaultyKeyValueStore(new InMemoryKeyValueStore(clock, limits));
  }
}
