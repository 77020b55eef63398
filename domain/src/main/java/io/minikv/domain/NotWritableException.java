package io.minikv.domain;

import org.jspecify.annotations.Nullable;

/**
 * The store does not take writes now; reads go on. The caller can try again when the cause is
 * removed. Nothing was changed.
 */
public final class NotWritableException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why a store does not take writes. */
  public enum Reason {
    /** No space is left; writes resume when there is some again. */
    DISK_FULL,
    /** A write or a force failed; the store must be opened again. */
    DISK_FAILED,
    /** The store was opened for reading only. */
    READ_ONLY
  }

  /** With the reason, what happened and what to do. */
  public NotWritableException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
