package io.minikv.domain;

import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong with a store, grouped by what the caller can do about it. The
 * message says what was wrong and what to do, fit to be shown to a user.
 */
public abstract sealed class StoreException extends RuntimeException
    permits InvalidRequestException,
        ConditionFailedException,
        OverloadedException,
        OutcomeUnknownException,
        DamagedDataException,
        NotWritableException,
        NotSupportedException,
        CursorExpiredException,
        StoreClosedException,
        StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
