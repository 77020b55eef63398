package io.minikv.adapter.cli;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes a line of the shell apart. Works on bytes, so that what is not UTF-8 stays what it is.
 *
 * <p>Words end at blanks. In single quotation marks everything stands for itself. In double ones,
 * and outside of any, a backslash begins {@code \xhh} (a byte), {@code \n}, {@code \r}, {@code \t},
 * or takes the meaning from the character behind it. Quoted and other parts that touch are one
 * word.
 */
final class WordScanner {

  private final byte[] line;
  private final boolean lenient;
  private int position;

  /**
   * Of a line that is still being typed it takes what is there: quotation marks may be open at the
   * end.
   *
   * @param lenient whether the line is still being typed
   */
  WordScanner(byte[] line, boolean lenient) {
    this.line = line;
    this.lenient = lenient;
  }

  /** The next word, or nothing at the end of the line. */
  Optional<byte[]> next() {
    skipBlanks();
    if (position == line.length) {
      return Optional.empty();
    }
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (position < line.length && !isBlank(line[position])) {
      switch (line[position]) {
        case '\'' -> readSingleQuoted(word);
        case '"' -> readDoubleQuoted(word);
        case '\\' -> readEscape(word);
        default -> word.write(line[position++]);
      }
    }
    return Optional.of(word.toByteArray());
  }

  /** The first byte of the next word as it is typed, or 0 at the end of the line. */
  byte peek() {
    skipBlanks();
    return position < line.length ? line[position] : 0;
  }

  /**
   * Where the scanner stands: behind the last word, or before the next one after {@link #peek()}.
   */
  int position() {
    return position;
  }

  /** All that is left, as it stands, without the blanks around it. */
  byte[] rest() {
    skipBlanks();
    int end = line.length;
    while (end > position && isBlank(line[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(line, position, end);
  }

  private void readSingleQuoted(ByteArrayOutputStream word) {
    int start = position++;
    while (position < line.length && line[position] != '\'') {
      word.write(line[position++]);
    }
    closeQuote(start);
  }

  private void readDoubleQuoted(ByteArrayOutputStream word) {
    int start = position++;
    while (position < line.length && line[position] != '"') {
      if (line[position] == '\\') {
        readEscape(word);
      } else {
        word.write(line[position++]);
      }
    }
    closeQuote(start);
  }

  private void closeQuote(int start) {
    if (position < line.length) {
      position++;
    } else if (!lenient) {
      throw new UsageException(
          "the quotation mark at position "
              + (start + 1)
              + " is never closed; close it, or put a backslash before it");
    }
  }

  private void readEscape(ByteArrayOutputStream word) {
    int escaped = position + 1;
    if (Notation.isHexByte(line, escaped)) {
      word.write(Notation.hexByte(line, escaped + 1));
      position += 4;
    } else if (escaped < line.length && (line[escaped] != 'x' || lenient)) {
      word.write(unescape(line[escaped]));
      position += 2;
    } else if (lenient) {
      position++;
    } else {
      throw new UsageException(
          "the backslash at position "
              + (position + 1)
              + " begins nothing; write \\\\ for a backslash and \\x with two hex digits for a byte");
    }
  }

  private static byte unescape(byte letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  private void skipBlanks() {
    while (position < line.length && isBlank(line[position])) {
      position++;
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
