package io.minikv.engine.format;

import java.util.Arrays;

/**
 * Bytes are not what the format says. The message tells what is wrong with them; the file is known
 * to who reads it.
 */
public final class FormatException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kind of mismatch it is. */
  public enum Kind {
    /** The bytes belong to no file of this kind, or to another store. */
    FOREIGN,
    /** They were written by a newer version. */
    NEWER,
    /** They were right once: a checksum or a length does not fit. */
    DAMAGED
  }

  private final Kind kind;
  private final String problem;

  /** With what is wrong, as the end of a sentence that begins with the file's name. */
  public FormatException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.problem = message;
  }

  /**
   * Requires that nothing stands in bytes but what was understood.
   *
   * @param understood what they stand for, as bytes again
   * @throws FormatException when they begin with other ones
   */
  static void requireKnown(byte[] understood, byte[] bytes) throws FormatException {
    int length = understood.length;
    if (!Arrays.equals(understood, 0, length, bytes, 0, length)) {
      throw new FormatException(Kind.DAMAGED, "has a header with something where zeros should be");
    }
  }

  /** What is wrong, as the end of a sentence that begins with the file's name. */
  @Override
  public String getMessage() {
    return problem;
  }

  /** What kind of mismatch it is. */
  public Kind kind() {
    return kind;
  }
}
