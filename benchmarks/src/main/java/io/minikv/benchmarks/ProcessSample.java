package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds at one moment. Linux only.
 *
 * @param heapBytes objects, after a collection
 * @param residentBytes memory, that of mapped files included as far as it is in memory
 * @param ownBytes memory that belongs to no file: heap, code, threads and native memory
 * @param descriptors open files and connections
 * @param mappings of files and of memory
 * @param threads platform threads
 */
record ProcessSample(
    long heapBytes,
    long residentBytes,
    long ownBytes,
    long descriptors,
    long mappings,
    long threads) {

  private static final Path PROCESS = Path.of("/proc/self");

  static ProcessSample now() throws IOException {
    long ownBytes = (long) ProcessMemory.anonymousBytes(); // Collects garbage first.
    return new ProcessSample(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        status("VmRSS:") << 10,
        ownBytes,
        entries("fd"),
        lines("maps"),
        status("Threads:"));
  }

  private static long status(String name) throws IOException {
    try (Stream<String> lines = Files.lines(PROCESS.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow(() -> new IOException(PROCESS + "/status does not tell " + name));
    }
  }

  private static long entries(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(PROCESS.resolve(directory))) {
      return entries.count();
    }
  }

  private static long lines(String file) throws IOException {
    try (Stream<String> lines = Files.lines(PROCESS.resolve(file))) {
      return lines.count();
    }
  }
}
