package io.minikv.benchmarks.kit;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What all measurements can be told. */
public final class Scale {

  @Option(
      names = {"-h", "--help"},
      description = "Show this help message and exit.",
      usageHelp = true)
  public boolean isHelpRequested;

  @Option(
      names = "--keys",
      description = "How many keys (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  public int keys;

  @Option(
      names = "--key-bytes",
      description = "The length of a key (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  public int keyBytes;

  @Option(
      names = "--value-bytes",
      description = "The length of a value (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  public int valueBytes;

  @Option(
      names = "--directory",
      description = "Where files go meanwhile (default: the system's temporary folder).",
      defaultValue = "${sys:java.io.tmpdir}")
  public Path directory = Path.of("");

  public Workload workload() {
    return new Workload(keyBytes, valueBytes);
  }
}
