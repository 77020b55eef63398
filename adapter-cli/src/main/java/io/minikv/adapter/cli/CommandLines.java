package io.minikv.adapter.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes the parsers of the program and of the shell, which know the same commands. */
final class CommandLines {

  private static final int USAGE_WIDTH = 100;

  private CommandLines() {}

  /** The parser of the program's arguments. */
  static CommandLine program() {
    return configure(new CommandLine(new RootCommand()));
  }

  /** The parsers of the shell's commands, by name. The data directory is settled there. */
  static Map<String, CommandLine> shell() {
    List<Object> commands =
        List.of(
            new SetCommand(),
            new GetCommand(),
            new DeleteCommand(),
            new ExistsCommand(),
            new ListCommand(),
            new ScanCommand(),
            new CountCommand(),
            new StatsCommand(),
            new CompactCommand(),
            new SnapshotCommand(),
            new BackupCommand(),
            new VerifyCommand(),
            new HelpCommand());
    return commands.stream()
        .map(command -> configure(new CommandLine(command)))
        .collect(
            Collectors.toMap(
                CommandLine::getCommandName,
                line -> line,
                (first, _) -> first,
                LinkedHashMap::new));
  }

  /** What a command is called with, options left out, as in {@code set <key> <value>}. */
  static String synopsis(CommandSpec command) {
    Stream<String> arguments = command.positionalParameters().stream().map(CommandLines::synopsis);
    return Stream.concat(Stream.of(command.name()), arguments).collect(Collectors.joining(" "));
  }

  private static String synopsis(PositionalParamSpec argument) {
    boolean optional = argument.arity().min() == 0 && !argument.hideParamSyntax();
    return optional ? "[" + argument.paramLabel() + "]" : argument.paramLabel();
  }

  private static CommandLine configure(CommandLine line) {
    line.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
    line.getSubcommands().values().forEach(CommandLines::configure);
    // An argument that begins with @ is a key like any other, not a file to read arguments from.
    return line.setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(USAGE_WIDTH);
  }
}
