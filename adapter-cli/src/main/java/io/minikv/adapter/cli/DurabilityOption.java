package io.minikv.adapter.cli;

import io.minikv.domain.Durability;
import picocli.CommandLine.Option;

/** How durable a write has to be. */
final class DurabilityOption {

  @Option(
      names = "--durability",
      paramLabel = "<level>",
      description =
          "os, interval or always: as durable as this before the answer. Strengthens the setting of the store, never weakens"
              + " it.")
  Durability atLeast = Durability.OS;
}
