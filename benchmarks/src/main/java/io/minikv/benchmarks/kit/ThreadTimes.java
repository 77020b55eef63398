package io.minikv.benchmarks.kit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where the time of the present thread goes, as the operating system and the JVM count it. Linux
 * only. For the thread that opened it.
 */
public final class ThreadTimes implements AutoCloseable {

  private static final int LONGEST_FILE = 4096;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String SLEEPS = "\nvoluntary_ctxt_switches:";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Collections collections = new Collections();
  private final RandomAccessFile counts;
  private final RandomAccessFile status;
  private final byte[] text = new byte[LONGEST_FILE];

  /** How often it was given a processor when {@link #sleeps} was read, which takes longer. */
  private long turns = -1;

  private long sleeps;

  /**
   * What was counted up to a moment, or between two.
   *
   * @param wallNanos how much time passed
   * @param processorNanos how long it had a processor, also for what the system did on its behalf
   * @param readyNanos how long it was ready to run while other threads had the processors
   * @param collectedNanos how long collections of garbage stopped all threads; counted in
   *     milliseconds
   * @param sleeps how often it gave its processor up, to wait for something
   */
  public record Spent(
      long wallNanos, long processorNanos, long readyNanos, long collectedNanos, long sleeps) {

    /** What came since then. */
    public Spent since(Spent before) {
      return new Spent(
          wallNanos - before.wallNanos,
          processorNanos - before.processorNanos,
          readyNanos - before.readyNanos,
          collectedNanos - before.collectedNanos,
          sleeps - before.sleeps);
    }

    /**
     * How long it waited for locks, files and other threads. When it never slept, the host of a
     * virtual machine had the processor for what else is missing, or an interrupt.
     */
    public long asleepNanos() {
      long rest = wallNanos - processorNanos - readyNanos - collectedNanos;
      return sleeps == 0 ? 0 : Math.max(0, rest);
    }
  }

  private ThreadTimes(Path thread) throws IOException {
    this.counts = new RandomAccessFile(thread.resolve("schedstat").toFile(), "r");
    this.status = new RandomAccessFile(thread.resolve("status").toFile(), "r");
  }

  /** Those of the thread that calls this. */
  public static ThreadTimes ofThisThread() throws IOException {
    return new ThreadTimes(Path.of("/proc/thread-self").toRealPath());
  }

  /** All since it began. */
  public Spent now() throws IOException {
    // Time on a processor, which is not up to date; time ready without one; how often it got one.
    String[] words = read(counts).trim().split(" ", 3);
    if (words.length < 3) {
      throw new IOException("The system does not count how long threads wait for a processor.");
    }
    if (Long.parseLong(words[2]) != turns) {
      turns = Long.parseLong(words[2]);
      sleeps = readSleeps();
    }
    return new Spent(
        System.nanoTime(),
        threads.getCurrentThreadCpuTime(),
        Long.parseLong(words[1]),
        collections.millis() * NANOS_PER_MILLI,
        sleeps);
  }

  private long readSleeps() throws IOException {
    String all = read(status);
    int at = all.indexOf(SLEEPS);
    if (at < 0) {
      throw new IOException("The system does not count how often threads sleep.");
    }
    return Long.parseLong(
        all.substring(at + SLEEPS.length()).lines().findFirst().orElseThrow().trim());
  }

  private String read(RandomAccessFile file) throws IOException {
    file.seek(0);
    int length = file.read(text);
    return new String(text, 0, Math.max(0, length), StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    try (counts) {
      status.close();
    }
  }
}
