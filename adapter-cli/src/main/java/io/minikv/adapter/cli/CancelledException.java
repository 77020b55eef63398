package io.minikv.adapter.cli;

/** The user stopped what was under way. */
final class CancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CancelledException() {
    super("Interrupted");
  }
}
