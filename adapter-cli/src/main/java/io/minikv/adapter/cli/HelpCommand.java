package io.minikv.adapter.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Explains the program or a command. */
@Command(name = "help", description = "Explain the program, or a command.")
final class HelpCommand {

  @Parameters(index = "0", arity = "0..1", paramLabel = "<command>", description = "Which command.")
  Optional<String> command = Optional.empty();
}
