package io.minikv.adapter.cli;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.maintenance.StoreMaintenance;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a command works with.
 *
 * @param data the entries of the store
 * @param maintenance the maintenance of the store
 * @param out where answers go
 * @param refusals where "Key not found" goes: in the shell it is an answer, but {@code get key >
 *     file} must not write it to the file
 * @param errors tells of trouble that does not end the command
 * @param stdin standard input; nothing in the shell, which reads its own lines from there
 * @param currentDirectory what relative paths start from; absolute
 * @param presentation for whom answers are written
 * @param restOfLine the value on a line of the shell, which is taken as it stands
 */
record Invocation(
    KeyValueStore data,
    StoreMaintenance maintenance,
    Output out,
    Output refusals,
    ErrorReporter errors,
    Optional<InputStream> stdin,
    Path currentDirectory,
    Presentation presentation,
    Optional<byte[]> restOfLine) {

  /** Where a command with these options answers. */
  Answers answers(CommonOptions options) {
    return new Answers(out, refusals, presentation.withJson(options.json));
  }
}
