package io.minikv.engine.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No space is left on the disk, or the process has used up its quota. */
public final class DiskFullException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With what the operating system said. */
  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
