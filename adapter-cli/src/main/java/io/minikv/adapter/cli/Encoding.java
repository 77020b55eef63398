package io.minikv.adapter.cli;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** How bytes stand in arguments and answers. */
enum Encoding {
  /** As {@link Notation}. */
  TEXT {
    @Override
    String encode(byte[] bytes) {
      return Notation.escape(bytes);
    }

    @Override
    byte[] decode(String text, String what) {
      return Notation.unescape(text, what);
    }
  },
  /** Two hexadecimal digits a byte. */
  HEX {
    @Override
    String encode(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    @Override
    byte[] decode(String text, String what) {
      try {
        return HexFormat.of().parseHex(text);
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "the " + what + " is not hexadecimal; write two digits (0 to 9, a to f) for each byte",
            e);
      }
    }
  },
  /** Base64 of RFC 4648, section 4; padding may be left out. */
  BASE64 {
    @Override
    String encode(byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    byte[] decode(String text, String what) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "the " + what + " is not base64; use the alphabet with + and /, without line breaks",
            e);
      }
    }
  };

  abstract String encode(byte[] bytes);

  /**
   * The bytes that a text stands for.
   *
   * @param what the thing decoded, for the message
   * @throws UsageException when it is malformed
   */
  abstract byte[] decode(String text, String what);

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
