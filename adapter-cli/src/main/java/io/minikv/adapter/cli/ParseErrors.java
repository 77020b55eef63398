package io.minikv.adapter.cli;

import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with arguments that do not parse. */
final class ParseErrors {

  private ParseErrors() {}

  /**
   * One line that says what is wrong and where help is.
   *
   * @param helpCommand how help is called for
   */
  static Problem explain(ParameterException failure, String helpCommand) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    boolean noCommand = command.userObject() instanceof RootCommand;
    String what =
        noCommand
                && failure instanceof UnmatchedArgumentException unmatched
                && !isUnknownOption(unmatched)
            ? "Unknown command: " + unmatched.getUnmatched().getFirst()
            : what(failure);
    String help = noCommand ? helpCommand : helpCommand + " " + command.name();
    return new Problem(ExitStatus.USAGE, what + "; see '" + help + "'");
  }

  private static String what(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched && isUnknownOption(unmatched)) {
      return "Unknown option: "
          + unmatched.getUnmatched().getFirst()
          + "; put -- before a key or value that begins with a dash";
    }
    String message =
        failure.getMessage() == null ? "the arguments do not fit" : failure.getMessage();
    // A quoted argument may have line breaks; one error is one line.
    return message.replaceAll("\\R", " ");
  }

  /** Whether arguments are missing, or there are too many of them, as opposed to options. */
  static boolean isAboutArguments(ParameterException failure) {
    return switch (failure) {
      case MissingParameterException missing ->
          missing.getMissing().stream().anyMatch(ArgSpec::isPositional);
      case UnmatchedArgumentException unmatched -> !isUnknownOption(unmatched);
      default -> false;
    };
  }

  private static boolean isUnknownOption(UnmatchedArgumentException failure) {
    return failure.getUnmatched().getFirst().startsWith("-");
  }
}
