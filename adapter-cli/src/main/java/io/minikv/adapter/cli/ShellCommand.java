package io.minikv.adapter.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Opens the shell. */
@Command(
    name = "shell",
    description = {
      "Open the shell: one command a line.",
      "Words with blanks stand in quotation marks. In single ones everything stands for itself; in double ones, and outside of any, \\xhh is a byte, \\n, \\r and \\t are control characters, and a backslash takes the meaning from any other character.",
      "From a pipe or a file it reads commands without prompt and banner, goes on after an error, and ends with the status of the"
          + " first error."
    })
final class ShellCommand {

  @Mixin ShellOptions shell = new ShellOptions();

  @Mixin CommonOptions common = new CommonOptions();
}
