package io.minikv.benchmarks.micro;

import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.segment.ManifestFile;
import java.io.IOException;
import java.nio.file.Path;

/** The files of a store that was written and closed, for a part of the engine to read. */
final class StoreFiles implements AutoCloseable {

  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;

  private final Scratch scratch;
  private final Path directory;
  private final Workload workload = new Workload(KEY_BYTES, VALUE_BYTES);

  StoreFiles(int keys, long segmentBytes) throws IOException {
    EngineOptions options =
        EngineOptions.DEFAULT.withDurability(Durability.OS).withSegmentBytes(segmentBytes);
    scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")));
    directory = scratch.directory("store");
    try (SegmentedStore store = SegmentedStore.open(directory, options)) {
      for (int number = 0; number < keys; number++) {
        store.put(Key.copyOf(workload.key(number)), Value.wrap(workload.value(number, 0)));
      }
    }
  }

  Disk disk() throws IOException {
    return NioDisk.openToRead(directory);
  }

  Manifest manifest() throws IOException, FormatException {
    return ManifestFile.read(disk());
  }

  byte[] key(long number) {
    return workload.key(number);
  }

  @Override
  public void close() throws IOException {
    scratch.close();
  }
}
