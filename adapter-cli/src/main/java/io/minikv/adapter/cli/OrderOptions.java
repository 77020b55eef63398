package io.minikv.adapter.cli;

import io.minikv.domain.ScanOptions;
import java.util.Optional;
import picocli.CommandLine.Option;

/** In which order keys come, and how many. */
final class OrderOptions {

  @Option(names = "--limit", paramLabel = "<n>", description = "At most so many.")
  Optional<Long> limit = Optional.empty();

  @Option(names = "--reverse", description = "The greatest key first.")
  boolean reverse;

  ScanOptions scanOptions() {
    ScanOptions options = ScanOptions.DEFAULT.limitedTo(limit.orElse(Long.MAX_VALUE));
    return reverse ? options.backwards() : options;
  }
}
