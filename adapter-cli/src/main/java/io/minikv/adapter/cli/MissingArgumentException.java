package io.minikv.adapter.cli;

/** A command lacks an argument that it needs: what it needs is told as the shell always did. */
final class MissingArgumentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MissingArgumentException(String command, String label) {
    super("missing " + label + "; see 'minikv help " + command + "'");
  }
}
