package io.minikv.engine.segment;

import io.minikv.engine.format.FormatException;
import java.io.IOException;

/** A place in a segment, or in a value file, does not hold what was written there. */
public final class DamagedSegmentException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String problem;

  /** Names the place; {@code problem} ends a sentence that begins with the file's name. */
  public DamagedSegmentException(String file, long offset, String problem) {
    super(problem);
    this.file = file;
    this.offset = offset;
    this.problem = problem;
  }

  /** Names the place of something that is not of the format. */
  public DamagedSegmentException(String file, long offset, FormatException cause) {
    this(file, offset, cause.getMessage());
    initCause(cause);
  }

  /** Names the place and what is wrong there. */
  @Override
  public String getMessage() {
    return file + ", at byte " + offset + ", " + problem;
  }

  /** The name of the file. */
  public String file() {
    return file;
  }

  /** Where in the file, in bytes. */
  public long offset() {
    return offset;
  }

  /** What is wrong, as the end of a sentence that begins with the file's name. */
  public String problem() {
    return problem;
  }
}
