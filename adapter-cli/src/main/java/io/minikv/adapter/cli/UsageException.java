package io.minikv.adapter.cli;

/** What the user typed makes no sense. The message says what is wrong and what is right. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
