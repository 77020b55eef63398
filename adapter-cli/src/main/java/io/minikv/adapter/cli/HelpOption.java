package io.minikv.adapter.cli;

import picocli.CommandLine.Option;

/** The option by which every command explains itself. */
final class HelpOption {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Explain this command.")
  boolean help;
}
