package io.minikv.domain.maintenance;

import java.util.List;

/**
 * Whether a store can do its work.
 *
 * @param readable whether reads are served
 * @param writable whether writes are taken
 * @param problems what is wrong, one sentence each; none when all is well
 */
public record StoreHealth(boolean readable, boolean writable, List<String> problems) {

  /** All is well. */
  public static final StoreHealth HEALTHY = new StoreHealth(true, true, List.of());

  /** Keeps a copy of the list. */
  public StoreHealth {
    problems = List.copyOf(problems);
  }

  /** Whether there is nothing wrong at all. */
  public boolean isHealthy() {
    return readable && writable && problems.isEmpty();
  }
}
