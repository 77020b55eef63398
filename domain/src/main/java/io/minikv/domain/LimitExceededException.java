package io.minikv.domain;

/**
 * Something is larger than it may be: the caller must make it smaller, or have the limit raised.
 * Nothing was changed.
 */
public final class LimitExceededException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  private final long actual;
  private final long limit;

  /**
   * Names the limit.
   *
   * @param what the thing measured, as "value length"
   * @param actual its size
   * @param limit the greatest size allowed
   */
  public LimitExceededException(String what, long actual, long limit) {
    super("The " + what + " is " + actual + "; at most " + limit + " is allowed.");
    this.actual = actual;
    this.limit = limit;
  }

  /** The size that was too much. */
  public long actual() {
    return actual;
  }

  /** The greatest size allowed. */
  public long limit() {
    return limit;
  }
}
