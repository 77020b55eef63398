package io.minikv.engine.commit;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets a force wait for the writers that are about to come: those that waited for the last one and
 * go on with another write. It waits for no longer than the last force took, so that it is at worst
 * half as fast as without, and who did not come in that time is not expected the next time. A
 * writer that was alone is never held up.
 *
 * <p>Guarded by the lock of the one who forces.
 */
final class Gathering {

  /** A force that took longer was held up itself. */
  static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final AdaptiveYield yields;

  private int expected;
  private long mostNanos;

  Gathering(AdaptiveYield yields) {
    this.yields = yields;
  }

  /**
   * Waits for writers, in front of a force.
   *
   * @param waiting how many have come
   */
  void await(IntSupplier waiting) {
    yields.await(() -> waiting.getAsInt() >= expected, mostNanos);
  }

  /**
   * A force has ended.
   *
   * @param writers how many waited then, for this force or for the next one
   * @param nanos how long it took
   */
  void forced(int writers, long nanos) {
    expected = writers;
    mostNanos = Math.min(nanos, MOST_NANOS);
  }
}
