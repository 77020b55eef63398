package io.minikv.adapter.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Answers calls for help and for the version. */
final class Help {

  private final CommandLine program;
  private final Output out;
  private final Style style;

  Help(CommandLine program, Output out, Style style) {
    this.program = program;
    this.out = out;
    this.style = style;
  }

  /** Whether the arguments asked for help or for the version, which is answered then. */
  boolean answers(ParseResult result) {
    for (CommandLine command : result.asCommandLineList()) {
      if (command.isUsageHelpRequested()) {
        print(command);
        return true;
      }
      if (command.isVersionHelpRequested()) {
        out.line(new RootCommand.Version().getVersion()[0]);
        return true;
      }
      if (command.getCommandSpec().userObject() instanceof HelpCommand help) {
        explain(help);
        return true;
      }
    }
    return false;
  }

  private void explain(HelpCommand help) {
    if (help.command.isEmpty()) {
      print(program);
      return;
    }
    CommandLine command = program.getSubcommands().get(help.command.get());
    if (command == null) {
      throw new UsageException(
          "Unknown command: " + help.command.get() + "; see 'minikv help' for all commands");
    }
    print(command);
  }

  private void print(CommandLine command) {
    out.line(command.getUsageMessage(style.ansi()).stripTrailing());
  }
}
