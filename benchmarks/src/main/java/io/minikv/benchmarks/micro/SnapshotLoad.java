package io.minikv.benchmarks.micro;

import io.minikv.engine.EngineOptions;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.snapshot.LoadedSnapshot;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The index is read from its snapshot, the greatest part of an opening after a clean close. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class SnapshotLoad {

  /** How many keys the index holds. */
  @Param("1000000")
  public int keys;

  private @Nullable StoreFiles files;

  @Setup
  public void write() throws IOException {
    files = new StoreFiles(keys, EngineOptions.DEFAULT.segmentBytes());
  }

  @TearDown
  public void remove() throws IOException {
    if (files != null) {
      files.close();
    }
  }

  @Benchmark
  public long load() throws IOException, FormatException {
    if (files == null) {
      throw new IllegalStateException("Nothing is written.");
    }
    LoadedSnapshot loaded =
        LoadedSnapshot.newest(
            files.disk(),
            files.manifest(),
            finding -> {
              throw new IllegalStateException(finding);
            });
    if (loaded == null || loaded.index().size() != keys) {
      throw new IllegalStateException("The snapshot does not hold all keys.");
    }
    return loaded.index().size();
  }
}
