package io.minikv.adapter.cli;

/**
 * A command that works on files, and opens no store. Its options and arguments are its fields. Only
 * one-shot.
 */
interface ToolCommand {

  /** Does the work, answers, and says how it ended. What goes wrong is thrown. */
  ExitStatus run(ToolInvocation invocation);
}
