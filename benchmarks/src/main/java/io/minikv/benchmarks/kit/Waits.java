package io.minikv.benchmarks.kit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * How long the present thread was ready to run while other threads had the processors, as the
 * operating system counts it. Linux only. For the thread that opened it.
 */
public final class Waits implements AutoCloseable {

  private static final int LONGEST_LINE = 128;

  private final RandomAccessFile counts;
  private final byte[] line = new byte[LONGEST_LINE];

  private Waits(RandomAccessFile counts) {
    this.counts = counts;
  }

  /** Those of the thread that calls this. */
  public static Waits ofThisThread() throws IOException {
    Path thread = Path.of("/proc/thread-self").toRealPath();
    return new Waits(new RandomAccessFile(thread.resolve("schedstat").toFile(), "r"));
  }

  /** All that it waited since it began, in nanoseconds. */
  public long nanos() throws IOException {
    counts.seek(0);
    int length = counts.read(line);
    // Time on a processor, time ready without one, and how often it got one.
    String[] words =
        new String(line, 0, Math.max(0, length), StandardCharsets.US_ASCII).split(" ", 3);
    if (words.length < 2) {
      throw new IOException("The system does not count how long threads wait for a processor.");
    }
    return Long.parseLong(words[1]);
  }

  @Override
  public void close() throws IOException {
    counts.close();
  }
}
