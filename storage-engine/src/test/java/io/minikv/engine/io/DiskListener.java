package io.minikv.engine.io;

import java.io.IOException;

/**
 * Is told of every operation of a {@link SimulatedDisk}, in the thread that performs it, while no
 * other thread can change the disk: a snapshot taken here is exactly the state before or after the
 * operation.
 */
public interface DiskListener {

  /** Does nothing. */
  DiskListener NONE = new DiskListener() {};

  /** Called before it is done. What is thrown here fails the operation, which is then not done. */
  default void before(Operation operation) throws IOException {}

  /** Called when it is done or has failed. */
  default void after(Operation operation) {}
}
