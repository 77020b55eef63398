package io.minikv.engine.io;

import java.io.IOException;

/** The lock of a directory is held by another process, or by another store of this one. */
public final class DirectoryLockedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String holder;

  /** With the text that the holder left; empty when there is none. */
  public DirectoryLockedException(String holder) {
    super("locked by " + holder);
    this.holder = holder;
  }

  /** The text that the holder left. */
  public String holder() {
    return holder;
  }
}
