package io.minikv.adapter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints keys in order. */
@Command(
    name = "list",
    description = {
      "Print keys in order, one a line.",
      "A backslash in a key is printed as \\\\, a byte that is not printable text as \\xhh; all commands read keys in this form."
    })
final class ListCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Mixin RangeOptions range = new RangeOptions();

  @Mixin OrderOptions order = new OrderOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    Answers answers = invocation.answers(common);
    return Scan.forEach(
        invocation,
        range.range(encoding),
        order.scanOptions().keysOnly(),
        cursor -> answers.key(cursor.key(), encoding));
  }
}
