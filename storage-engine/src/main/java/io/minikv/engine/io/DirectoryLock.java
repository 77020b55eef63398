package io.minikv.engine.io;

import java.io.Closeable;
import java.io.IOException;

/** The lock of a directory, held until it is closed or the process ends. */
public interface DirectoryLock extends Closeable {

  /** Gives the lock back. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
