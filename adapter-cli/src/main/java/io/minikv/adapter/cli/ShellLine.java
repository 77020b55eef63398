package io.minikv.adapter.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A line of the shell, taken apart.
 *
 * @param command its first word
 * @param arguments the others, in the notation that commands read keys in ({@link Notation})
 * @param restOfLine the value of a {@code set}: the rest of the line as it stands, or unquoted when
 *     it begins with a quotation mark; nothing in other commands
 */
record ShellLine(String command, List<String> arguments, Optional<byte[]> restOfLine) {

  /** Takes a line apart; nothing is left of one that is blank. */
  static Optional<ShellLine> parse(byte[] line, CommandSpec set) {
    WordScanner scanner = new WordScanner(line, false);
    Optional<String> command = scanner.next().map(Notation::escape);
    return command.map(
        name -> name.equals(set.name()) ? parseSet(name, scanner, set) : parseOther(name, scanner));
  }

  private static ShellLine parseOther(String command, WordScanner scanner) {
    List<String> arguments = new ArrayList<>();
    for (Optional<byte[]> word = scanner.next(); word.isPresent(); word = scanner.next()) {
      arguments.add(Notation.escape(word.get()));
    }
    return new ShellLine(command, arguments, Optional.empty());
  }

  /** Options, the key, and then the value, which only this command has. */
  private static ShellLine parseSet(String command, WordScanner scanner, CommandSpec set) {
    List<String> arguments = new ArrayList<>();
    boolean options = true;
    while (options && scanner.peek() == '-') {
      String option = takeWord(scanner, arguments);
      if (takesParameter(option, set) && scanner.peek() != 0) {
        takeWord(scanner, arguments);
      }
      options = !option.equals("--");
    }
    if (scanner.peek() == 0) {
      return new ShellLine(command, arguments, Optional.empty());
    }
    if (options) {
      arguments.add("--");
    }
    takeWord(scanner, arguments);
    return new ShellLine(command, arguments, readValue(scanner));
  }

  private static String takeWord(WordScanner scanner, List<String> arguments) {
    String word = scanner.next().map(Notation::escape).orElseThrow();
    arguments.add(word);
    return word;
  }

  private static boolean takesParameter(String option, CommandSpec set) {
    OptionSpec known = set.findOption(option);
    return known != null && known.arity().min() > 0;
  }

  private static Optional<byte[]> readValue(WordScanner scanner) {
    byte first = scanner.peek();
    if (first == 0) {
      return Optional.empty();
    }
    if (first != '"' && first != '\'') {
      return Optional.of(scanner.rest());
    }
    Optional<byte[]> value = scanner.next();
    if (scanner.peek() != 0) {
      throw new UsageException(
          "text follows the quoted value; put the whole value in quotation marks");
    }
    return value;
  }
}
