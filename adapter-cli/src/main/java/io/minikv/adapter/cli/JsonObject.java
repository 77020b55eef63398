package io.minikv.adapter.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes one JSON object (RFC 8259) on one line, in the order in which its members are put. */
final class JsonObject {

  private final StringBuilder text = new StringBuilder("{");

  JsonObject put(String name, String value) {
    appendString(value, startMember(name));
    return this;
  }

  JsonObject put(String name, long value) {
    startMember(name).append(value);
    return this;
  }

  JsonObject put(String name, double value) {
    startMember(name).append(value);
    return this;
  }

  JsonObject put(String name, boolean value) {
    startMember(name).append(value);
    return this;
  }

  JsonObject put(String name, JsonObject value) {
    startMember(name).append(value);
    return this;
  }

  JsonObject put(String name, List<JsonObject> values) {
    startMember(name).append(values);
    return this;
  }

  JsonObject putTexts(String name, List<String> values) {
    StringBuilder out = startMember(name).append('[');
    for (int index = 0; index < values.size(); index++) {
      appendString(values.get(index), index == 0 ? out : out.append(','));
    }
    out.append(']');
    return this;
  }

  JsonObject put(String name, Map<String, String> values) {
    JsonObject object = new JsonObject();
    values.forEach(object::put);
    return put(name, object);
  }

  /** Puts an object, the text of anything else, or null. */
  JsonObject put(String name, Optional<?> value) {
    if (value.isEmpty()) {
      startMember(name).append("null");
      return this;
    }
    return value.get() instanceof JsonObject object
        ? put(name, object)
        : put(name, value.get().toString());
  }

  /**
   * Puts bytes so that the name tells how to read them: UTF-8 under the name itself, all else under
   * the name with {@code _base64} or {@code _hex}.
   */
  JsonObject putBytes(String name, byte[] bytes, Encoding encoding) {
    if (encoding == Encoding.TEXT) {
      String utf8 = new String(bytes, StandardCharsets.UTF_8);
      if (Arrays.equals(utf8.getBytes(StandardCharsets.UTF_8), bytes)) {
        return put(name, utf8);
      }
      return put(name + "_base64", Encoding.BASE64.encode(bytes));
    }
    return put(name + "_" + encoding, encoding.encode(bytes));
  }

  @Override
  public String toString() {
    return text + "}";
  }

  private StringBuilder startMember(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    return appendString(name, text).append(':');
  }

  private static StringBuilder appendString(String value, StringBuilder out) {
    out.append('"');
    for (int index = 0; index < value.length(); index++) {
      appendChar(value.charAt(index), out);
    }
    return out.append('"');
  }

  private static void appendChar(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        // Besides what JSON demands, DEL and the C1 controls, which a terminal obeys, and what some
        // readers take for line ends.
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\u2028' || c == '\u2029') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
