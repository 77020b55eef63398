package io.minikv.adapter.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client accepts (RFC 9110, 12.5.1). */
final class MediaTypes {

  private MediaTypes() {}

  /**
   * The type that the client likes best; nothing when it accepts none. Among those that it likes
   * equally, one that it names comes before one that it only covers, and then the earlier offered.
   * Parameters other than the quality do not decide.
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
    Match bestMatch = Match.NONE;
    for (String type : offered) {
      Match match = match(type, ranges);
      if (match.quality() > 0 && match.compareTo(bestMatch) > 0) {
        best = type;
        bestMatch = match;
      }
    }
    return Optional.of(best).filter(type -> !type.isEmpty());
  }

  /** How a type is liked: by the greatest quality of the most specific ranges that cover it. */
  private record Match(int precision, double quality) implements Comparable<Match> {

    static final Match NONE = new Match(-1, 0);

    @Override
    public int compareTo(Match other) {
      int byQuality = Double.compare(quality, other.quality);
      return byQuality != 0 ? byQuality : Integer.compare(precision, other.precision);
    }
  }

  private static Match match(String type, String[] ranges) {
    Match best = Match.NONE;
    for (String range : ranges) {
      String[] parts = range.split(";", -1);
      int precision = precision(parts[0].strip(), type);
      if (precision > best.precision()) {
        best = new Match(precision, weight(parts));
      } else if (precision >= 0 && precision == best.precision()) {
        best = new Match(precision, Math.max(best.quality(), weight(parts)));
      }
    }
    return best;
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
