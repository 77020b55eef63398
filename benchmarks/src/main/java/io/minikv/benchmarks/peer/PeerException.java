package io.minikv.benchmarks.peer;

/** Another store failed; the measurement ends. */
public final class PeerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PeerException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
