package io.minikv.engine.segment;

import java.io.IOException;

/**
 * A write or a force of the log failed in the middle: what of it is on the disk is unknown, and
 * nothing may follow.
 */
public final class LogFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With what failed. */
  public LogFailedException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
