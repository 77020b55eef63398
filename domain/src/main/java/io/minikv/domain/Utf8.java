package io.minikv.domain;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Strict conversions between text and bytes: nothing is replaced silently. */
final class Utf8 {

  private Utf8() {}

  /**
   * The UTF-8 bytes of a text, or {@link InvalidRequestException} when it has an unpaired
   * surrogate.
   */
  static byte[] encode(String text, String what) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new InvalidRequestException(
          "The " + what + " is not text that UTF-8 can hold: it has an unpaired surrogate.", e);
    }
  }

  /** The length of {@link #encode}, without encoding. */
  static int length(String text, String what) {
    int length = text.length();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (Character.isSurrogate(c)) {
        return encode(text, what).length; // Rare, and where it may be no text at all.
      }
      length += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
    }
    return length;
  }

  static boolean isWellFormed(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Printable UTF-8 as it is, a backslash doubled, any other byte as {@code \xhh}. */
  static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    while (in.hasRemaining()) {
      decoder.reset();
      boolean malformed = decoder.decode(in, out, true).isError();
      appendPrintable(out.flip().toString(), text);
      out.clear();
      if (malformed) {
        appendHex(in.get(), text);
      }
    }
    return text.toString();
  }

  private static void appendPrintable(String decoded, StringBuilder text) {
    decoded
        .codePoints()
        .forEach(codePoint -> {
          if (codePoint == '\\') {
            text.append("\\\\");
          } else if (isPrintable(codePoint)) {
            text.appendCodePoint(codePoint);
          } else {
            for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
              appendHex(b, text);
            }
          }
        });
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

  private static void appendHex(byte b, StringBuilder text) {
    text.append("\\x").append(HexFormat.of().toHexDigits(b));
  }
}
