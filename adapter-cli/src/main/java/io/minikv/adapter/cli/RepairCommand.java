package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.RepairReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Saves what is readable of a damaged store. */
@Command(
    name = "repair",
    description = {
      "Save what is readable of a damaged store into a new one.",
      "The damaged store is not touched. What could not be saved is listed, and the exit status is 4"
          + " then. Only for a store without a backup: an entry whose newest version is lost without a"
          + " trace has an older one afterwards."
    })
final class RepairCommand implements ToolCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "<source>", description = "The damaged store.")
  String source = "";

  @Parameters(
      index = "1",
      paramLabel = "<target>",
      description = "The directory for the new store; missing or empty.")
  String target = "";

  @Override
  public ExitStatus run(ToolInvocation invocation) {
    Path to = invocation.path(target);
    RepairReport report =
        invocation.tools().repair(invocation.path(source), to, invocation.progress());
    JsonObject json =
        new JsonObject()
            .put("status", "Repair finished")
            .put("directory", to.toString())
            .put("saved_entries", report.savedEntries())
            .put("damages", DamageAnswers.json(report.damages()));
    String text =
        DamageAnswers.lines(report.damages())
            + "Saved "
            + report.savedEntries()
            + " entries in "
            + to;
    invocation.answers(common).say(text, json);
    return report.damages().isEmpty() ? ExitStatus.DONE : ExitStatus.DAMAGED;
  }
}
