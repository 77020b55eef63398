package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.KeyValueStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the port on real files, in segments so small that every test rolls. */
class SegmentedStoreContractTest extends KeyValueStoreContract {

  @TempDir private Path directory;

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    return SegmentedStore.open(directory.resolve("store"), options(clock, limits));
  }

  @Override
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    return openStore(clock, limits);
  }

  private static EngineOptions options(MutableClock clock, StoreLimits limits) {
    return EngineOptions.DEFAULT.withSegmentBytes(16 << 10).withLimits(limits).withClock(clock);
  }
}
