package io.minikv.adapter.cli;

/**
 * For whom answers are written.
 *
 * @param shell whether they are the answers of the shell, which ends each with a line feed and
 *     indents listed keys
 * @param terminal whether a person reads them
 * @param json whether JSON is wanted of all commands
 * @param style how text is set off
 */
record Presentation(boolean shell, boolean terminal, boolean json, Style style) {

  Presentation withJson(boolean wanted) {
    return new Presentation(shell, terminal, json || wanted, style);
  }
}
