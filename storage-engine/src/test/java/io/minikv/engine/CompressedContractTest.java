package io.minikv.engine;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreLimits;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import io.minikv.testkit.contract.KeyValueStoreContract;
import org.junit.jupiter.api.Nested;

/** The contract of the port where values are compressed. */
class CompressedContractTest {

  @Nested
  class ByLz4 extends Contract {

    ByLz4() {
      super(Compression.LZ4);
    }
  }

  @Nested
  class ByZstandard extends Contract {

    ByZstandard() {
      super(Compression.ZSTD);
    }
  }

  /** With one codec. */
  abstract static class Contract extends KeyValueStoreContract {

    private final Compression compression;
    private SimulatedDisk disk = new SimulatedDisk();

    Contract(Compression compression) {
      this.compression = compression;
    }

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
              .withCompression(compression)
              .withLeastCompressedBytes(64)
              .withLimits(limits)
              .withClock(clock);
      return SegmentedStore.open(disk, options, EngineThreads.start());
    }
  }
}
