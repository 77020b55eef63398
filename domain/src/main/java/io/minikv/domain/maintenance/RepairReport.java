package io.minikv.domain.maintenance;

import java.util.List;

/**
 * What a repair saved.
 *
 * @param savedEntries how many entries the new store has
 * @param damages what could not be read
 */
public record RepairReport(long savedEntries, List<Damage> damages) {

  /** Keeps a copy of the list. */
  public RepairReport {
    damages = List.copyOf(damages);
  }
}
