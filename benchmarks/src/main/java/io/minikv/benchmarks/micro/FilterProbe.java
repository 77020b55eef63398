package io.minikv.benchmarks.micro;

import io.minikv.benchmarks.kit.Workload;
import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.filter.FilterSizing;
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

/** Questions to the Bloom filter of a key file. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterProbe {

  private static final double RATE = 0.01;

  /** How many keys it holds; 400,000 short records fill a segment. */
  @Param("400000")
  public int keys;

  private FilterShape shape = new FilterSizing(RATE).shapeFor(1);
  private byte[] bits = {};
  private long next;

  @Setup
  public void fill() {
    shape = new FilterSizing(RATE).shapeFor(keys);
    bits = new byte[shape.length()];
    for (long number = 0; number < keys; number++) {
      shape.add(bits, Workload.mix(number));
    }
  }

  @Benchmark
  public boolean present() {
    return ask(Workload.mix(Long.remainderUnsigned(Workload.mix(next++), keys)));
  }

  @Benchmark
  public boolean absent() {
    return ask(Workload.mix(keys + next++));
  }

  private boolean ask(long hash) {
    return shape.mayContain(bits, shape.block(hash) * FilterShape.BLOCK_LENGTH, hash);
  }
}
