package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.ProgressListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks every checksum: of the open store in the shell, of its files elsewhere. */
@Command(
    name = "verify",
    description = {
      "Read every byte of the store and check every checksum.",
      "Nothing is changed. Damaged places are listed, and the exit status is 4 then. A running server"
          + " verifies itself: POST /admin/verify."
    })
final class VerifyCommand implements StoreCommand, ToolCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  public ExitStatus run(Invocation invocation) {
    return DamageAnswers.verified(
        invocation.maintenance().verify(ProgressListener.NONE), invocation.answers(common));
  }

  @Override
  public ExitStatus run(ToolInvocation invocation) {
    return DamageAnswers.verified(
        invocation.tools().verify(invocation.dataDirectory(), invocation.progress()),
        invocation.answers(common));
  }
}
