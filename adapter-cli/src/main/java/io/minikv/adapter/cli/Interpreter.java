package io.minikv.adapter.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Carries out lines of the shell, one at a time. */
final class Interpreter {

  private final OpenStore store;
  private final ErrorReporter errors;
  private final Presentation presentation;
  private final Path currentDirectory;
  private final Map<String, CommandLine> commands = CommandLines.shell();
  private final CommandSpec set;

  /** Makes interpreters. A command that was given up keeps its own for good. */
  @FunctionalInterface
  interface Factory {
    Interpreter create();
  }

  /**
   * How a line ended.
   *
   * @param status whether it succeeded
   * @param quit whether the shell ends with it
   */
  record Step(ExitStatus status, boolean quit) {}

  Interpreter(
      OpenStore store, ErrorReporter errors, Presentation presentation, Path currentDirectory) {
    this.store = store;
    this.errors = errors;
    this.presentation = presentation;
    this.currentDirectory = currentDirectory;
    this.set = new CommandLine(new SetCommand()).getCommandSpec();
  }

  /** The commands that it knows, by name. */
  Map<String, CommandLine> commands() {
    return commands;
  }

  /**
   * Carries out a line. What goes wrong is reported and shows in the status.
   *
   * @throws OutputException when the answer cannot be written
   * @throws CancelledException when the line is no longer wanted
   */
  Step execute(byte[] line, Output out) {
    try {
      Optional<ShellLine> parsed = ShellLine.parse(line, set);
      if (parsed.isEmpty()) {
        return new Step(ExitStatus.DONE, false);
      }
      if (isQuit(parsed.get())) {
        return new Step(ExitStatus.DONE, true);
      }
      return new Step(execute(parsed.get(), out), false);
    } catch (OutputException | CancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      out.flush();
      return new Step(errors.report(e), false);
    }
  }

  private static boolean isQuit(ShellLine line) {
    return line.arguments().isEmpty()
        && (line.command().equals("quit") || line.command().equals("exit"));
  }

  private ExitStatus execute(ShellLine line, Output out) {
    Answers answers = new Answers(out, out, presentation);
    CommandLine command = commands.get(line.command());
    if (command == null) {
      return answers.refuse("Unknown command: " + line.command(), ExitStatus.USAGE);
    }
    try {
      command.parseArgs(line.arguments().toArray(String[]::new));
      return run(command, line, out);
    } catch (ParameterException e) {
      if (ParseErrors.isAboutArguments(e)) {
        return refuseUsage(command, answers);
      }
      out.flush();
      return errors.report(ParseErrors.explain(e, "help"));
    } catch (MissingArgumentException e) {
      return refuseUsage(command, answers);
    }
  }

  private static ExitStatus refuseUsage(CommandLine command, Answers answers) {
    return answers.refuse(
        "Usage: " + CommandLines.synopsis(command.getCommandSpec()), ExitStatus.USAGE);
  }

  private ExitStatus run(CommandLine command, ShellLine line, Output out) {
    if (command.isUsageHelpRequested()) {
      return explain(command, out);
    }
    return switch (command.getCommandSpec().userObject()) {
      case HelpCommand help -> help(help, out);
      case StoreCommand work ->
          work.run(
              new Invocation(
                  store.data(),
                  store.maintenance(),
                  out,
                  out,
                  errors,
                  Optional.empty(),
                  currentDirectory,
                  presentation,
                  line.restOfLine()));
      default -> throw new IllegalStateException("No way to run " + command.getCommandName());
    };
  }

  private ExitStatus help(HelpCommand help, Output out) {
    if (help.command.isEmpty()) {
      listCommands(out);
      return ExitStatus.DONE;
    }
    CommandLine command = commands.get(help.command.get());
    if (command == null) {
      return new Answers(out, out, presentation)
          .refuse("Unknown command: " + help.command.get(), ExitStatus.USAGE);
    }
    return explain(command, out);
  }

  private ExitStatus explain(CommandLine command, Output out) {
    out.line(command.getUsageMessage(presentation.style().ansi()).stripTrailing());
    return ExitStatus.DONE;
  }

  private void listCommands(Output out) {
    out.line(presentation.style().heading("Available commands:"));
    for (CommandLine command : commands.values()) {
      CommandSpec spec = command.getCommandSpec();
      List<String> description = List.of(spec.usageMessage().description());
      out.line(String.format("  %-20s %s", CommandLines.synopsis(spec), description.getFirst()));
    }
    out.line(String.format("  %-20s %s", "quit / exit", "Leave the shell."));
    out.line("Words with blanks stand in quotation marks, \\xhh is a byte. More: help <command>");
  }
}
