package io.minikv.adapter.cli;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.maintenance.StoreMaintenance;

/**
 * A store that was opened for one run of the command line.
 *
 * @param data its entries; closing ends the store
 * @param maintenance its maintenance
 */
public record OpenStore(KeyValueStore data, StoreMaintenance maintenance) implements AutoCloseable {

  /**
   * Ends the store, as {@link KeyValueStore#close()}: closing again does nothing, and any thread
   * may do it.
   *
   * @throws io.minikv.domain.StoreException when what was written could not be made durable
   */
  @Override
  public void close() {
    data.close();
  }
}
