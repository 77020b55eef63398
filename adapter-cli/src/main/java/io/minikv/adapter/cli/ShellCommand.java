package io.minikv.adapter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Opens the shell. */
@Command(
    name = "shell",
    description = {
      "Open the shell: one command a line.",
      "From a pipe or a file it reads commands without prompt and banner, goes on after an error, and ends with the status of the"
          + " first error."
    })
final class ShellCommand {

  @Mixin ShellOptions shell = new ShellOptions();

  @Mixin CommonOptions common = new CommonOptions();
}
