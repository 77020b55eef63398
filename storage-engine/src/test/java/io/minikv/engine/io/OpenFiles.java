package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Whether somebody has files of a simulated disk open. */
public final class OpenFiles {

  private static final long CAPACITY = 1L << 40;

  private OpenFiles() {}

  /** Removes all files: their space is free at once only when nobody has them open. */
  public static void requireNone(SimulatedDisk disk) throws IOException {
    disk.setCapacity(CAPACITY);
    for (String name : disk.list()) {
      disk.delete(name);
    }
    assertThat(CAPACITY - disk.freeBytes()).as("bytes of files that are open still").isZero();
  }
}
