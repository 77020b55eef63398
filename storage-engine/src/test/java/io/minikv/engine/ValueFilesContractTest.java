package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.KeyValueStoreContract;

/** The contract of the port where every streamed value gets a file of its own. */
class ValueFilesContractTest extends KeyValueStoreContract {

  private SimulatedDisk disk = new SimulatedDisk();

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    disk = new SimulatedDisk();
    return reopenStore(clock, limits);
  }

  @Override
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    EngineOptions options =
        EngineOptions.DEFAULT
            .withSegmentBytes(16 << 10)
            .withLongestLoggedBytes(0)
            .withLimits(limits)
            .withClock(clock);
    return SegmentedStore.open(disk, options, EngineThreads.start());
  }
}
