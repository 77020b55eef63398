package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gives back the space of what was overwritten and deleted. */
@Command(
    name = "compact",
    description = "Give back the space of overwritten, deleted and expired entries.")
final class CompactCommand implements StoreCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    CompactionReport report = invocation.maintenance().compact(ProgressListener.NONE);
    JsonObject json =
        new JsonObject()
            .put("status", "Compaction finished")
            .put("compaction", StatsCommand.json(report));
    invocation.answers(common).say("Compaction finished", json);
    return ExitStatus.DONE;
  }
}
