package io.minikv.benchmarks.micro;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.StoreId;
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

/** A record becomes bytes of the log, and the other way round. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameCodec {

  private static final FileIdentity FILE = new FileIdentity(new StoreId(1, 2), 3);
  private static final long OFFSET = 4096;

  /** The length of the value. */
  @Param({"100", "1000", "100000"})
  public int valueBytes;

  private final Key key = Key.of("0123456789abcdef");
  private Mutation put = Mutation.Put.of(key, Value.empty());
  private byte[] frame = {};

  @Setup
  public void prepare() throws FormatException {
    byte[] value = new byte[valueBytes];
    new SplittableRandom(1).nextBytes(value);
    put = Mutation.Put.of(key, Value.wrap(value));
    frame = encode();
    if (!decode()) {
      throw new IllegalStateException("The frame that is decoded is damaged.");
    }
  }

  @Benchmark
  public byte[] encode() {
    EncodedFrame encoded = EncodedFrame.of(put, false);
    encoded.stamp(5, 6);
    encoded.place(FILE, OFFSET);
    return encoded.bytes();
  }

  @Benchmark
  public boolean decode() throws FormatException {
    FrameHead head = FrameHead.parse(frame, 0);
    return head.isIntact(FILE, OFFSET)
        && head.hasKey(key)
        && head.isStoredIntact(frame, 0, FILE, OFFSET);
  }
}
