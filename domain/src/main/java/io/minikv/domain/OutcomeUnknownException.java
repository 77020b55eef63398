package io.minikv.domain;

/**
 * The disk failed while the write was under way: whether it happened shows only after the store is
 * opened again. The caller must read before it writes again.
 */
public final class OutcomeUnknownException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** With what failed. */
  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
