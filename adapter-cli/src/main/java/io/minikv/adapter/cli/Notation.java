package io.minikv.adapter.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntPredicate;

/**
 * Bytes as text that people can read and type: printable UTF-8 as it is, a backslash as {@code \\},
 * any other byte as {@code \xhh}. It is the form that {@link io.minikv.domain.Key#toString()} has,
 * and what is written in it can be read back.
 */
final class Notation {

  private static final HexFormat HEX = HexFormat.of();

  private Notation() {}

  /** The text for any bytes; no two have the same. It has no line breaks. */
  static String escape(byte[] bytes) {
    return escape(bytes, codePoint -> codePoint != '\\' && isPrintable(codePoint));
  }

  /**
   * The text for people to look at: as it is, line breaks and tabs included, but without what a
   * terminal would obey or cannot show.
   */
  static String display(byte[] bytes) {
    return escape(
        bytes, codePoint -> codePoint == '\n' || codePoint == '\t' || isPrintable(codePoint));
  }

  /**
   * The bytes that a text stands for.
   *
   * @throws UsageException when a backslash is followed by neither a backslash nor {@code xhh}
   */
  static byte[] unescape(String text, String what) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    int index = 0;
    while (index < in.length) {
      if (in[index] != '\\') {
        out.write(in[index++]);
      } else if (index + 1 < in.length && in[index + 1] == '\\') {
        out.write('\\');
        index += 2;
      } else if (isHexByte(in, index + 1)) {
        out.write(hexByte(in, index + 2));
        index += 4;
      } else {
        throw new UsageException(
            "the "
                + what
                + " has a lone backslash; write a backslash as \\\\ and any byte as \\x and two hex digits");
      }
    }
    return out.toByteArray();
  }

  /** Whether an x and two hexadecimal digits stand at an index. */
  static boolean isHexByte(byte[] bytes, int index) {
    return index + 2 < bytes.length
        && bytes[index] == 'x'
        && HexFormat.isHexDigit(bytes[index + 1])
        && HexFormat.isHexDigit(bytes[index + 2]);
  }

  /** The byte that the two hexadecimal digits at an index stand for. */
  static int hexByte(byte[] bytes, int index) {
    return HexFormat.fromHexDigit(bytes[index]) << 4 | HexFormat.fromHexDigit(bytes[index + 1]);
  }

  private static String escape(byte[] bytes, IntPredicate asItIs) {
    StringBuilder text = new StringBuilder(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    while (in.hasRemaining()) {
      boolean malformed = decoder.reset().decode(in, out, true).isError();
      out.flip().codePoints().forEach(codePoint -> append(codePoint, asItIs, text));
      out.clear();
      if (malformed) {
        appendHex(in.get(), text);
      }
    }
    return text.toString();
  }

  private static void append(int codePoint, IntPredicate asItIs, StringBuilder text) {
    if (asItIs.test(codePoint)) {
      text.appendCodePoint(codePoint);
    } else if (codePoint == '\\') {
      text.append("\\\\");
    } else {
      for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
        appendHex(b, text);
      }
    }
  }

  private static void appendHex(byte b, StringBuilder text) {
    text.append("\\x").append(HEX.toHexDigits(b));
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
