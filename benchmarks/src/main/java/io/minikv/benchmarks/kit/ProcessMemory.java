package io.minikv.benchmarks.kit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the operating system tells of the memory of this process. Linux only. */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int COLLECTIONS = 4;
  private static final int STEADY_LOOKS = 5;
  private static final long MILLIS_BETWEEN_LOOKS = 100;

  /** A process that computes for less than this part of the time only waits. */
  private static final double IDLE_SHARE = 0.05;

  private static final int IDLE_LOOKS = 10;
  private static final String LEAST_FREE = "MinHeapFreeRatio";
  private static final String MOST_FREE = "MaxHeapFreeRatio";

  private ProcessMemory() {}

  /**
   * Bytes in memory that belong to no file: heap, code and native memory, but not what is mapped.
   * Garbage is collected first, several times, as collectors give memory back step by step, and
   * free heap is given back meanwhile.
   */
  public static double anonymousBytes() throws IOException {
    collect();
    return settled();
  }

  /** As {@link #anonymousBytes}, when all that goes on in the background is over. */
  public static double idleAnonymousBytes() throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long most = (long) (IDLE_SHARE * TimeUnit.MILLISECONDS.toNanos(MILLIS_BETWEEN_LOOKS));
    long last = system.getProcessCpuTime();
    for (int idle = 0; idle < IDLE_LOOKS; ) {
      pause();
      long now = system.getProcessCpuTime();
      idle = now - last < most ? idle + 1 : 0;
      last = now;
    }
    return anonymousBytes();
  }

  /** The figure when it does not fall any more: G1 gives free heap back in the background. */
  private static double settled() throws IOException {
    double last = read();
    for (int steady = 0; steady < STEADY_LOOKS; ) {
      pause();
      double now = read();
      steady = now < last ? 0 : steady + 1;
      last = now;
    }
    return last;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while free memory was given back.");
    }
  }

  private static double read() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("RssAnon:")) {
        return Double.parseDouble(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException(STATUS + " does not tell anonymous memory.");
  }

  private static void collect() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    String least = jvm.getVMOption(LEAST_FREE).getValue();
    String most = jvm.getVMOption(MOST_FREE).getValue();
    jvm.setVMOption(LEAST_FREE, "0");
    jvm.setVMOption(MOST_FREE, "1");
    try {
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
      }
    } finally {
      jvm.setVMOption(MOST_FREE, most);
      jvm.setVMOption(LEAST_FREE, least);
    }
  }
}
