package io.minikv.benchmarks.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system tells of the memory of this process. Linux only. */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int COLLECTIONS = 4;

  private ProcessMemory() {}

  /**
   * Bytes in memory that belong to no file: heap, code and native memory, but not what is mapped.
   * Garbage is collected first, several times, as collectors give memory back step by step.
   */
  public static double anonymousBytes() throws IOException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("RssAnon:")) {
        return Double.parseDouble(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException(STATUS + " does not tell anonymous memory.");
  }
}
