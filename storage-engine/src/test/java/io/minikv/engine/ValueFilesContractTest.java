package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.KeyValueStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the port where every streamed value gets a file of its own. */
class ValueFilesContractTest extends KeyValueStoreContract {

  @TempDir private Path directory;

  @Override
  protected KeyValueStore openStore(MutableClock clock, StoreLimits limits) {
    EngineOptions options =
        EngineOptions.DEFAULT
            .withSegmentBytes(16 << 10)
            .withLongestLoggedBytes(0)
            .withLimits(limits)
            .withClock(clock);
    return SegmentedStore.open(directory.resolve("store"), options);
  }

  @Override
  protected KeyValueStore reopenStore(MutableClock clock, StoreLimits limits) {
    return openStore(clock, limits);
  }
}
