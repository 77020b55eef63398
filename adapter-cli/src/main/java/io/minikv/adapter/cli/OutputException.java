package io.minikv.adapter.cli;

import java.io.IOException;
import java.util.Locale;

/** The output does not take what is written. */
final class OutputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean brokenPipe;

  OutputException(IOException cause) {
    super(cause.getMessage(), cause);
    // Java has no type for it, only the text of the operating system.
    this.brokenPipe =
        cause.getMessage() != null && cause.getMessage().toLowerCase(Locale.ROOT).contains("pipe");
  }

  /** Whether the reader went away, as {@code head} does when it has enough: no error. */
  boolean isBrokenPipe() {
    return brokenPipe;
  }
}
