package io.minikv.engine.io;

import java.nio.file.Path;

/** The simulated disk is a disk. */
class SimulatedDiskContractTest extends DiskContract {

  private final SimulatedDisk simulated = new SimulatedDisk();

  @Override
  Disk createDisk() {
    return simulated;
  }

  @Override
  Disk otherDirectory() {
    return simulated.sibling(otherPath());
  }

  @Override
  Path otherPath() {
    return Path.of("/other");
  }
}
