package io.minikv.domain;

import org.jspecify.annotations.Nullable;

/**
 * The request is wrong in itself and will never succeed: the caller must change it. Nothing was
 * changed.
 */
public sealed class InvalidRequestException extends StoreException permits LimitExceededException {

  private static final long serialVersionUID = 1L;

  /** With a message that says what is wrong and what is right. */
  public InvalidRequestException(String message) {
    super(message);
  }

  /** The same, with what brought it about. */
  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
