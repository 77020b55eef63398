package io.minikv.engine.commit;

/**
 * Something to run under the lock of the writers.
 *
 * @param <T> what it gives
 * @param <E> how it can fail
 */
@FunctionalInterface
public interface LockedAction<T, E extends Exception> {

  /** Runs it. */
  T run() throws E;
}
