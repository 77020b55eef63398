package io.minikv.adapter.cli;

import io.minikv.domain.Condition;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key absent. */
@Command(name = "delete", description = "Delete a key and its value.")
final class DeleteCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Mixin DurabilityOption durability = new DurabilityOption();

  @Option(
      names = "--if-version",
      paramLabel = "<version>",
      description = "Only when the key has exactly this version (see get --json).")
  Optional<Long> ifVersion = Optional.empty();

  @Parameters(
      index = "0",
      paramLabel = "<key>",
      description = "The key, written as list prints it.")
  String key = "";

  @Override
  public ExitStatus run(Invocation invocation) {
    Answers answers = invocation.answers(common);
    Key target = encoding.key(key);
    Condition condition =
        ifVersion
            .map(number -> Condition.versionIs(new Version(number)))
            .orElse(Condition.always());
    WriteResult result =
        invocation.data().write(Mutation.Delete.of(target).onlyIf(condition), durability.atLeast);
    if (result.previous().isEmpty()) {
      return answers.notFound(target, encoding);
    }
    JsonObject json =
        new JsonObject()
            .put("status", "Deleted")
            .putBytes("key", target.toByteArray(), encoding.keys())
            .put("version", result.version().orElseThrow().sequence());
    answers.say("Deleted", json);
    return ExitStatus.DONE;
  }
}
