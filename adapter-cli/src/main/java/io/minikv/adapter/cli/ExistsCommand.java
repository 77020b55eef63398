package io.minikv.adapter.cli;

import io.minikv.domain.Key;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells whether a key is present. */
@Command(
    name = "exists",
    description = "Tell whether a key is present: true with status 0, false with status 1.")
final class ExistsCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Parameters(
      index = "0",
      paramLabel = "<key>",
      description = "The key, written as list prints it.")
  String key = "";

  @Override
  public ExitStatus run(Invocation invocation) {
    Key wanted = encoding.key(key);
    boolean exists = invocation.data().exists(wanted);
    JsonObject json =
        new JsonObject()
            .putBytes("key", wanted.toByteArray(), encoding.keys())
            .put("exists", exists);
    invocation.answers(common).say(Boolean.toString(exists), json);
    return exists ? ExitStatus.DONE : ExitStatus.NOT_FOUND;
  }
}
