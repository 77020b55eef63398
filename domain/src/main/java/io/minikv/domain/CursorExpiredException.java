package io.minikv.domain;

/**
 * A cursor was used beyond the maximum age of its scan: the caller can scan again, behind the last
 * key that it saw.
 */
public final class CursorExpiredException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** With a message that tells the age. */
  public CursorExpiredException(String message) {
    super(message);
  }
}
