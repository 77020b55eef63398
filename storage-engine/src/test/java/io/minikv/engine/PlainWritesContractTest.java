package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.KeyValueStoreContract;

/** The contract of the port where the disk takes no stores through mappings. */
class PlainWritesContractTest extends KeyValueStoreContract {

  private SimulatedDisk disk = new SimulatedDisk();

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    disk = new SimulatedDisk(new SimulatedDisk.Properties(Long.MAX_VALUE, false));
    return reopenStore(clock, limits);
  }

  @Override
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    EngineOptions options =
        EngineOptions.DEFAULT.withSegmentBytes(16 << 10).withLimits(limits).withClock(clock);
    return SegmentedStore.open(disk, options, EngineThreads.start());
  }
}
