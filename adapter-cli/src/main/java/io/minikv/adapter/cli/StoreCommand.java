package io.minikv.adapter.cli;

/**
 * A command that works on an open store: one-shot, or as a line of the shell. Its options and
 * arguments are its fields.
 */
interface StoreCommand {

  /** Does the work, answers, and says how it ended. What goes wrong is thrown. */
  ExitStatus run(Invocation invocation);

  /** Whether it may create the store that it works on. */
  default boolean mayCreate() {
    return false;
  }
}
