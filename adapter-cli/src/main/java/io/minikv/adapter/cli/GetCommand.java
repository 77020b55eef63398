package io.minikv.adapter.cli;

import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a value. */
@Command(
    name = "get",
    description = {
      "Print the value under a key.",
      "In a pipe or a file it has exactly the bytes that were stored. On a terminal a line feed follows, and control characters show as \\xhh."
    })
final class GetCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Parameters(
      index = "0",
      paramLabel = "<key>",
      description = "The key, written as list prints it.")
  String key = "";

  @Override
  public ExitStatus run(Invocation invocation) {
    Answers answers = invocation.answers(common);
    Key wanted = encoding.key(key);
    Optional<Entry> entry = invocation.data().get(wanted);
    if (entry.isEmpty()) {
      return answers.notFound(wanted, encoding);
    }
    answers.value(entry.get().info(), entry.get().value(), encoding);
    return ExitStatus.DONE;
  }
}
