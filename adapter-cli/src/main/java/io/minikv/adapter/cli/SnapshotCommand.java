package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.SnapshotReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes down the index. */
@Command(name = "snapshot", description = "Write down the index, so that the next opening is fast.")
final class SnapshotCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    SnapshotReport report = invocation.maintenance().snapshot();
    JsonObject json =
        new JsonObject()
            .put("status", "Snapshot saved")
            .put("sequence", report.sequence())
            .put("keys", report.keys())
            .put("bytes", report.bytes())
            .put("took_ms", report.took().toMillis());
    invocation.answers(common).say("Snapshot saved", json);
    return ExitStatus.DONE;
  }
}
