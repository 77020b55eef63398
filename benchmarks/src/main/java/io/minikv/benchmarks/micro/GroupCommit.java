package io.minikv.benchmarks.micro;

import io.minikv.benchmarks.kit.Scratch;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Value;
import io.minikv.domain.WriteResult;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Puts that return after their force, from as many threads as the name says. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class GroupCommit {

  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 100;

  private final Value value = Value.wrap(new byte[VALUE_BYTES]);
  private @Nullable Scratch scratch;
  private @Nullable KeyValueStore store;

  /** What a thread has of its own. */
  @State(Scope.Thread)
  public static class Writer {

    private int next;

    Key key() {
      return Key.of("key-" + next++ % KEYS);
    }
  }

  @Setup
  public void open() throws IOException {
    scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")));
    store = SegmentedStore.open(scratch.directory("store"), EngineOptions.DEFAULT);
  }

  @TearDown
  public void close() throws IOException {
    if (store != null) {
      store.close();
    }
    if (scratch != null) {
      scratch.close();
    }
  }

  @Benchmark
  @Threads(1)
  public WriteResult one(Writer writer) {
    return put(writer);
  }

  @Benchmark
  @Threads(16)
  public WriteResult sixteen(Writer writer) {
    return put(writer);
  }

  @Benchmark
  @Threads(64)
  public WriteResult sixtyFour(Writer writer) {
    return put(writer);
  }

  private WriteResult put(Writer writer) {
    if (store == null) {
      throw new IllegalStateException("The store is not open.");
    }
    return store.put(writer.key(), value);
  }
}
