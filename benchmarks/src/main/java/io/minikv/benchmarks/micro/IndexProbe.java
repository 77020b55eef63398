package io.minikv.benchmarks.micro;

import io.minikv.benchmarks.kit.Workload;
import io.minikv.engine.index.Index;
import io.minikv.engine.index.ShardedIndex;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** Lookups in the index at random, without the records that it leads to. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexProbe {

  private static final long FRAME_BYTES = 160;

  /** How many keys it holds. */
  @Param({"1000000", "10000000"})
  public int keys;

  private final Index index = new ShardedIndex();
  private long next;

  @Setup
  public void fill() {
    for (long number = 0; number < keys; number++) {
      index.add(Workload.mix(number), (number + 1) * FRAME_BYTES);
    }
  }

  @Benchmark
  public long hit() throws IOException {
    return index.find(Workload.mix(random()), _ -> true);
  }

  @Benchmark
  public long miss() throws IOException {
    return index.find(Workload.mix(keys + random()), _ -> false);
  }

  private long random() {
    return Long.remainderUnsigned(Workload.mix(next++), keys);
  }
}
