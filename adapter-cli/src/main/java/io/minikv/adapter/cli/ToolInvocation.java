package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreTools;
import java.nio.file.Path;

/**
 * What a command that works on files works with.
 *
 * @param tools does the work
 * @param dataDirectory where the store is that is meant without another word; absolute
 * @param currentDirectory what relative paths start from; absolute
 * @param out where answers go
 * @param presentation for whom answers are written
 * @param progress is told how far the work is
 */
record ToolInvocation(
    StoreTools tools,
    Path dataDirectory,
    Path currentDirectory,
    Output out,
    Presentation presentation,
    ProgressListener progress) {

  /** Where a command with these options answers. */
  Answers answers(CommonOptions options) {
    return new Answers(out, out, presentation.withJson(options.json));
  }

  /** The path that an argument names; absolute. */
  Path path(String argument) {
    return PathArgument.resolve(argument, currentDirectory);
  }
}
