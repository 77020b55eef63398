package io.minikv.domain;

/**
 * This store does not offer what was asked for: the caller must do without. Nothing was changed.
 */
public final class NotSupportedException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** With a message that names what is not offered. */
  public NotSupportedException(String message) {
    super(message);
  }
}
