package io.minikv.domain.maintenance;

/**
 * Figures of the writes since the store was opened.
 *
 * @param writes how many writes were acknowledged; a batch counts once
 * @param records how many records they wrote
 * @param forces how often the log was forced to disk
 * @param forcedWrites how many writes became durable by those forces
 */
public record CommitStatistics(long writes, long records, long forces, long forcedWrites) {

  /** How many writes shared a force on average; 0 when there was none. */
  public double writesPerForce() {
    return forces == 0 ? 0 : (double) forcedWrites / forces;
  }
}
