package io.minikv.engine.io;

import java.io.IOException;

/**
 * There is no room for a write: no space is left on the disk, the process has used up its quota, or
 * the store its numbers. Nothing was written, and reads are not concerned.
 */
public final class DiskFullException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With what there is no room for. */
  public DiskFullException(String message) {
    super(message);
  }

  /** With what the operating system said. */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
