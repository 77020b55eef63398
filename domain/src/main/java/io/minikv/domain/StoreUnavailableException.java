package io.minikv.domain;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot be opened or reached: it is in use, not a store, of a newer format, damaged
 * beyond what may be skipped, or the place cannot be read or written. Nothing was changed there.
 */
public final class StoreUnavailableException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why a store cannot be opened. */
  public enum Reason {
    /** Another process, or this one, has it open. */
    IN_USE,
    /** Its place cannot be used: no directory, no permission, no space, no connection. */
    INACCESSIBLE,
    /** What is there is not a store, or one of another format version. */
    FOREIGN,
    /** It is damaged so that an older state could pass for the current one. */
    DAMAGED
  }

  /** With the reason, what is wrong where, and what to do. */
  public StoreUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
