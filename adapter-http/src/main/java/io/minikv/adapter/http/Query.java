package io.minikv.adapter.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a request. A parameter that the route does not know is an error, as is one that
 * comes twice: a mistyped {@code durability} must not pass for the default.
 */
final class Query {

  private static final Query NONE = new Query(Map.of());

  private final Map<String, byte[]> values;

  private Query(Map<String, byte[]> values) {
    this.values = values;
  }

  static Query parse(RequestTarget target, Set<String> known) {
    if (target.query().isEmpty()) {
      return NONE;
    }
    Map<String, byte[]> values = new LinkedHashMap<>();
    for (String pair : target.query().split("&", -1)) {
      if (!pair.isEmpty()) {
        add(pair, known, values);
      }
    }
    return new Query(values);
  }

  private static void add(String pair, Set<String> known, Map<String, byte[]> values) {
    int equals = pair.indexOf('=');
    String name = text(PercentCoding.decodeQuery(equals < 0 ? pair : pair.substring(0, equals)));
    byte[] value = PercentCoding.decodeQuery(equals < 0 ? "" : pair.substring(equals + 1));
    if (!known.contains(name)) {
      String names = known.isEmpty() ? "none" : String.join(", ", known.stream().sorted().toList());
      throw ProblemException.badRequest(
          "Unknown parameter \"" + name + "\". Known here: " + names + ".");
    }
    if (values.put(name, value) != null) {
      throw ProblemException.badRequest(
          "The parameter \"" + name + "\" is there twice. It may be there once.");
    }
  }

  Optional<byte[]> bytes(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<String> text(String name) {
    return bytes(name).map(Query::text);
  }

  /** A whole number from 0 on. */
  Optional<Long> number(String name) {
    return text(name).map(text -> parseNumber(name, text));
  }

  /** Whether a flag is set: {@code name}, {@code name=true}; not {@code name=false}. */
  boolean flag(String name) {
    return switch (text(name).orElse("false")) {
      case "", "true" -> true;
      case "false" -> false;
      case String other ->
          throw ProblemException.badRequest(
              "\"" + name + "\" is true or false, not \"" + other + "\".");
    };
  }

  private static long parseNumber(String name, String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (digits) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException _) {
        throw ProblemException.badRequest("\"" + name + "\" is too great: " + text + ".");
      }
    }
    throw ProblemException.badRequest(
        "\"" + name + "\" is a whole number from 0 on, not \"" + text + "\".");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
