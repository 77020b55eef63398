package io.minikv.engine.crash;

/**
 * Says whether a state after a crash keeps what was promised.
 *
 * @param <H> the history
 */
@FunctionalInterface
public interface Checker<H> {

  /**
   * Opens what the crash left and throws when a promise is broken. Called by several threads, each
   * with a crash of its own.
   */
  void check(Crash<H> crash) throws Exception;
}
