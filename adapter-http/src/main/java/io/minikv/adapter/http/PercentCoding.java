package io.minikv.adapter.http;

import java.util.Arrays;

/** Percent-encoding (RFC 3986) between URL text and bytes of any value. */
final class PercentCoding {

  private static final String UNRESERVED_MARKS = "-._~";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentCoding() {}

  /** The bytes of a path. Nothing but {@code %hh} has a meaning: a plus sign is one. */
  static byte[] decodePath(String raw) {
    return decode(raw, false);
  }

  /** The bytes of a part of a query, where a plus sign means a space, as HTML forms write it. */
  static byte[] decodeQuery(String raw) {
    return decode(raw, true);
  }

  private static byte[] decode(String raw, boolean plusIsSpace) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at);
      if (c == '%') {
        bytes[length++] = (byte) octet(raw, at);
        at += 3;
      } else {
        // An unescaped character stands for one byte, whose sign Undertow may have extended.
        bytes[length++] = plusIsSpace && c == '+' ? (byte) ' ' : (byte) c;
        at++;
      }
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static int octet(String raw, int at) {
    int high = at + 1 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      String escape = raw.substring(at, Math.min(at + 3, raw.length()));
      throw ProblemException.badRequest(
          "The URL has the malformed escape \""
              + escape
              + "\". A percent sign is followed by two hexadecimal digits; "
              + "a percent sign itself is written %25.");
    }
    return high << 4 | low;
  }

  /**
   * Every byte but unreserved ASCII as {@code %HH}; {@link #decodePath} gives the same bytes back.
   */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX[b >> 4 & 0xF]).append(HEX[b & 0xF]);
      }
    }
    return text.toString();
  }

  private static boolean isUnreserved(byte b) {
    return isBetween(b, 'a', 'z')
        || isBetween(b, 'A', 'Z')
        || isBetween(b, '0', '9')
        || UNRESERVED_MARKS.indexOf(b) >= 0;
  }

  private static boolean isBetween(byte b, char first, char last) {
    return b >= first && b <= last;
  }
}
