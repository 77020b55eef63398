package io.minikv.adapter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts keys. */
@Command(name = "count", description = "Count the keys.")
final class CountCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Mixin RangeOptions range = new RangeOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    long count = invocation.data().count(range.range(encoding));
    invocation.answers(common).say(Long.toString(count), new JsonObject().put("count", count));
    return ExitStatus.DONE;
  }
}
