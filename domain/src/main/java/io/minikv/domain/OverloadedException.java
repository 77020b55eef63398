package io.minikv.domain;

/** Too much is in flight: the same request can succeed a little later. Nothing was changed. */
public final class OverloadedException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** With a message that says what there is too much of. */
  public OverloadedException(String message) {
    super(message);
  }
}
