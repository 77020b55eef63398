package io.minikv.adapter.cli;

import picocli.CommandLine.Option;

/** Options of the shell, with or without its name. */
final class ShellOptions {

  @Option(
      names = "--stop-on-error",
      description = "When commands come from a pipe or a file, end with the first that fails.")
  boolean stopOnError;
}
