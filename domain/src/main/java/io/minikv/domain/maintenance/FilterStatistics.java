package io.minikv.domain.maintenance;

/**
 * Figures of the filters of segments since the store was opened. They tell without a look at its
 * keys that a segment holds none that is asked for.
 *
 * @param checks how often a filter was asked for a key
 * @param hits how often it told that the key is not there, so that none had to be looked for
 */
public record FilterStatistics(long checks, long hits) {

  /** Of a store that has no filters, or asked none. */
  public static final FilterStatistics NONE = new FilterStatistics(0, 0);

  /** Which part of the checks were hits; 0 when there was none. */
  public double hitRate() {
    return checks == 0 ? 0 : (double) hits / checks;
  }
}
