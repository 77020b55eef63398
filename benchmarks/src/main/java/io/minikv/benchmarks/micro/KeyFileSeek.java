package io.minikv.benchmarks.micro;

import io.minikv.benchmarks.kit.Workload;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.keyfile.KeyCursor;
import io.minikv.engine.keyfile.KeyFile;
import io.minikv.engine.segment.Segment;
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

/** Moves of a cursor in the key file of a complete segment. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeyFileSeek {

  /** Fewer than a record takes, so that all keys need more than one segment. */
  private static final int SEGMENT_BYTES_A_KEY = 100;

  private static final int SOUGHT = 1 << 16;

  /** How many keys the store has. */
  @Param("600000")
  public int keys;

  private @Nullable StoreFiles files;
  private @Nullable Segment segment;
  private @Nullable KeyFile keyFile;
  private @Nullable KeyCursor cursor;
  private final byte[][] sought = new byte[SOUGHT][];
  private int next;

  @Setup
  public void open() throws IOException, FormatException {
    files = new StoreFiles(keys, (long) keys * SEGMENT_BYTES_A_KEY);
    Manifest manifest = files.manifest();
    Manifest.SegmentEntry entry =
        manifest.segments().stream()
            .filter(listed -> listed.state() == Manifest.State.COMPLETE)
            .findFirst()
            .orElseThrow();
    SegmentHeader header = new SegmentHeader(entry.kind(), manifest.store(), entry.fileNumber(), 0);
    Disk disk = files.disk();
    segment =
        Segment.openSealed(
            header,
            disk.open(FileNames.segment(entry.fileNumber()), Disk.Access.READ),
            entry.end());
    keyFile = KeyFile.open(disk, segment);
    if (keyFile == null) {
      throw new IllegalStateException("The complete segment has no key file.");
    }
    cursor = keyFile.cursor();
    cursor.first();
    for (int i = 0; i < SOUGHT; i++) {
      sought[i] = files.key(Long.remainderUnsigned(Workload.mix(i), keys));
    }
  }

  @TearDown
  public void close() throws IOException {
    if (keyFile != null) {
      keyFile.close();
    }
    if (segment != null) {
      segment.close();
    }
    if (files != null) {
      files.close();
    }
  }

  @Benchmark
  public boolean seek() throws IOException {
    return cursor().seek(sought[next++ & (SOUGHT - 1)]);
  }

  @Benchmark
  public boolean next() throws IOException {
    return cursor().next() || cursor().first();
  }

  private KeyCursor cursor() {
    if (cursor == null) {
      throw new IllegalStateException("Nothing is open.");
    }
    return cursor;
  }
}
