package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.CheckpointReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a consistent copy of the store. */
@Command(
    name = "backup",
    description = {
      "Make a consistent copy of the store in another directory.",
      "On the same file system files are shared by links, so that it takes a moment. A running server"
          + " makes backups of its own: POST /admin/backup."
    })
final class BackupCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      paramLabel = "<dir>",
      description = "The directory for the backup; missing or empty.")
  String directory = "";

  @Override
  public ExitStatus run(Invocation invocation) {
    Path target = PathArgument.resolve(directory, invocation.currentDirectory());
    CheckpointReport report = invocation.maintenance().checkpoint(target);
    JsonObject json =
        new JsonObject()
            .put("status", "Backup finished")
            .put("directory", target.toString())
            .put("sequence", report.sequence())
            .put("files", report.files())
            .put("bytes", report.bytes())
            .put("took_ms", report.took().toMillis());
    String text =
        "Backup of %d files with %d bytes, up to version %d, in %s"
            .formatted(report.files(), report.bytes(), report.sequence(), target);
    invocation.answers(common).say(text, json);
    return ExitStatus.DONE;
  }
}
