package io.minikv.domain;

/** The store, cursor, reader or writer was closed. Nothing was changed. */
public final class StoreClosedException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** With a message that names what was closed. */
  public StoreClosedException(String message) {
    super(message);
  }
}
