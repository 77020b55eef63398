package io.minikv.benchmarks;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What all measurements can be told. */
final class Scale {

  @Option(
      names = "--keys",
      description = "How many keys (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  int keys;

  @Option(
      names = "--key-bytes",
      description = "The length of a key (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  int keyBytes;

  @Option(
      names = "--value-bytes",
      description = "The length of a value (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  int valueBytes;

  @Option(
      names = "--directory",
      description = "Where files go meanwhile (default: the system's temporary folder).",
      defaultValue = "${sys:java.io.tmpdir}")
  Path directory = Path.of("");

  Workload workload() {
    return new Workload(keyBytes, valueBytes);
  }
}
