package io.minikv.engine.keyfile;

import java.io.IOException;

/** A key file does not hold what was written there. Nothing is lost: the segment has it all. */
public final class DamagedKeyFileException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With the file's name and what is wrong, as the end of a sentence that begins with it. */
  public DamagedKeyFileException(String file, String problem) {
    super(file + " " + problem);
  }
}
