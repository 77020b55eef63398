package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.VerificationReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies a backup to where it is to be opened. */
@Command(
    name = "restore",
    description = {
      "Copy a backup to where it is to be opened, after every byte of it was verified.",
      "When anything in it is damaged nothing is restored, and the exit status is 4."
    })
final class RestoreCommand implements ToolCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "<dir>", description = "The backup.")
  String backup = "";

  @Parameters(
      index = "1",
      paramLabel = "<target>",
      description = "The directory for the store; missing or empty.")
  String target = "";

  @Override
  public ExitStatus run(ToolInvocation invocation) {
    Path to = invocation.path(target);
    VerificationReport report =
        invocation.tools().restore(invocation.path(backup), to, invocation.progress());
    String text =
        report.isClean()
            ? "Restored %d records in %s".formatted(report.records(), to)
            : DamageAnswers.lines(report.damages()) + "The backup is damaged; nothing was restored";
    JsonObject json =
        new JsonObject()
            .put("status", report.isClean() ? "Restored" : "Not restored")
            .put("directory", to.toString())
            .put("verification", DamageAnswers.json(report));
    invocation.answers(common).say(text, json);
    return report.isClean() ? ExitStatus.DONE : ExitStatus.DAMAGED;
  }
}
