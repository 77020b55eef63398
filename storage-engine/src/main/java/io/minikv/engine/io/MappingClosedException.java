package io.minikv.engine.io;

/**
 * A mapping was used after it was closed: its file was retired. The reader looks the key up again.
 */
public final class MappingClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** For the file of that name. */
  public MappingClosedException(String file) {
    super(file + " is no longer mapped", null, false, false);
  }
}
