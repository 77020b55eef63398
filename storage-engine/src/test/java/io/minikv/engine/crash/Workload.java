package io.minikv.engine.crash;

import io.minikv.engine.io.SimulatedDisk;
import java.util.function.Consumer;

/**
 * Something that uses a disk and keeps a history of what it was promised.
 *
 * @param <H> the history; its values never change
 */
@FunctionalInterface
public interface Workload<H> {

  /**
   * Runs to its end. With the same disk it does the same each time, if failures are to be replayed.
   *
   * @param history takes the history whenever it changes: <em>before</em> a write is begun, as one
   *     in flight, and <em>after</em> it returned, as acknowledged. A crash is judged by the last
   *     one taken
   */
  void run(SimulatedDisk disk, Consumer<? super H> history) throws Exception;
}
