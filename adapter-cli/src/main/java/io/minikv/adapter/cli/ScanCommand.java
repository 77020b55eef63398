package io.minikv.adapter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints keys and values in the order of the keys. */
@Command(
    name = "scan",
    description = {
      "Print keys and values in order, one entry a line, a tab between them.",
      "In both a backslash is printed as \\\\, a byte that is not printable text as \\xhh."
    })
final class ScanCommand implements StoreCommand {

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
        order.scanOptions(),
        cursor -> answers.pair(cursor.info(), cursor.value(), encoding));
  }
}
