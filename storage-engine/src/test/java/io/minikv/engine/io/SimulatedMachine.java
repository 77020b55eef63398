package io.minikv.engine.io;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What several simulated directories share. Its monitor guards all of them. */
final class SimulatedMachine {

  final Map<Path, SimulatedDisk> directories = new HashMap<>();
  final ArmedFaults faults = new ArmedFaults();
  DiskListener listener = DiskListener.NONE;
  long operations;
  long changes;
  boolean off;
}
