package io.minikv.benchmarks.micro;

import io.minikv.engine.compression.Codec;
import io.minikv.engine.compression.Decompressor;
import io.minikv.engine.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
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

/** A value, made of words that come again and again, is compressed, and the other way round. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValueCompression {

  private static final String[] WORDS = {
    "name", "street", "\": \"", "\", \"", "0815", "true", "of"
  };

  /** How it is compressed. */
  @Param({"LZ4", "ZSTD"})
  public String method = "LZ4";

  /** The length of the value. */
  @Param({"1000", "100000"})
  public int valueBytes;

  private Codec codec = Codec.LZ4;
  private byte[] value = {};
  private byte[] compressed = {};

  @Setup
  public void prepare() throws FormatException {
    codec = method.equals("LZ4") ? Codec.LZ4 : Codec.ZSTD;
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < valueBytes) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(10));
    }
    value = text.substring(0, valueBytes).getBytes(StandardCharsets.US_ASCII);
    compressed = compress();
    if (!Arrays.equals(value, decompress())) {
      throw new IllegalStateException("What was compressed does not come back.");
    }
  }

  @Benchmark
  public byte[] compress() {
    byte[] target = new byte[codec.mostCompressedBytes(value.length)];
    return Arrays.copyOf(target, codec.compress(value, target));
  }

  @Benchmark
  public byte[] decompress() throws FormatException {
    return Decompressor.decompress(codec.code(), compressed, value.length);
  }
}
