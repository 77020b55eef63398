package io.minikv.adapter.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client accepts (RFC 9110, 12.5.1). */
final class MediaTypes {

  private MediaTypes() {}

  /**
   * The first of the offered types that the client likes best; nothing when it accepts none of
   * them.
   *
   * @param accept the lines of the header Accept; without any, everything is accepted
   * @param offered full types without parameters, the server's favourite first
   */
  static Optional<String> choose(@Nullable List<String> accept, List<String> offered) {
    if (accept == null || accept.isEmpty()) {
      return Optional.of(offered.getFirst());
    }
    String[] ranges = String.join(",", accept).toLowerCase(Locale.ROOT).split(",", -1);
    String best = "";
    double bestQuality = 0;
    for (String type : offered) {
      double quality = quality(type, ranges);
      if (quality > bestQuality) {
        best = type;
        bestQuality = quality;
      }
    }
    return Optional.of(best).filter(type -> !type.isEmpty());
  }

  /** The quality of the most specific range that covers a type. */
  private static double quality(String type, String[] ranges) {
    int bestPrecision = -1;
    double quality = 0;
    for (String range : ranges) {
      String[] parts = range.split(";", -1);
      int precision = precision(parts[0].strip(), type);
      if (precision > bestPrecision) {
        bestPrecision = precision;
        quality = weight(parts);
      }
    }
    return quality;
  }

  private static int precision(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
      return 1;
    }
    return range.equals("*/*") ? 0 : -1;
  }

  private static double weight(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException _) {
          return 0;
        }
      }
    }
    return 1;
  }
}
