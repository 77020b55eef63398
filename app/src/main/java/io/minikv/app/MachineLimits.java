package io.minikv.app;

import io.minikv.adapter.http.HttpServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this process may use. A server that would take more ends, or fails its store, which is the
 * worse answer to too many requests.
 *
 * @param heapBytes the greatest size of the heap
 * @param descriptors how many files and connections may be open; nothing when that is not known
 */
record MachineLimits(long heapBytes, Optional<Integer> descriptors) {

  /** A body being received is there twice for a moment, and is not all that there is. */
  private static final int PART_OF_HEAP_FOR_BODIES = 4;

  private static final long LEAST_BODY_BYTES = 1 << 20;

  /** The other half is for the files of the store. */
  private static final int PART_OF_DESCRIPTORS_FOR_CONNECTIONS = 2;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d{1,9}) .*");

  static MachineLimits ofThisProcess() {
    return new MachineLimits(Runtime.getRuntime().maxMemory(), openFiles());
  }

  /** Linux tells; elsewhere, or without a limit, there is nothing to go by. */
  private static Optional<Integer> openFiles() {
    try (Stream<String> lines = Files.lines(LIMITS)) {
      return lines
          .map(OPEN_FILES::matcher)
          .filter(Matcher::matches)
          .map(line -> Integer.valueOf(line.group(1)))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The same limits, lower where this process could not keep them. */
  HttpServerConfig.Limits lower(HttpServerConfig.Limits limits) {
    long bodyBytes = Math.max(LEAST_BODY_BYTES, heapBytes / PART_OF_HEAP_FOR_BODIES);
    int connections =
        descriptors
            .map(count -> Math.max(1, count / PART_OF_DESCRIPTORS_FOR_CONNECTIONS))
            .orElse(limits.maxConnections());
    return limits
        .withMaxBodyBytesInFlight(Math.min(limits.maxBodyBytesInFlight(), bodyBytes))
        .withMaxConnections(Math.min(limits.maxConnections(), connections));
  }
}
