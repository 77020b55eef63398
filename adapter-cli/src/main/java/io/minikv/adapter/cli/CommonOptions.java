package io.minikv.adapter.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {

  @Option(names = "--json", description = "Answer with one JSON object a line.")
  boolean json;
}
