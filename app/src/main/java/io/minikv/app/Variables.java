package io.minikv.app;

import io.minikv.domain.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Environment variables, read one by one, and all that is wrong with them. A wrong one reads as its
 * default, so that reading goes on and the others are checked too. An empty one counts as not set.
 * For one thread.
 */
final class Variables {

  private final Map<String, String> texts;
  private final List<String> mistakes = new ArrayList<>();

  Variables(Map<String, String> texts) {
    this.texts = texts;
  }

  /** What a variable says, if it is set. */
  Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name)).filter(text -> !text.isEmpty());
  }

  /** A whole number. */
  int number(String name, int fallback, int least, int greatest) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<Integer> number =
        text.filter(digits -> digits.matches("[0-9]{1,9}"))
            .map(Integer::valueOf)
            .filter(value -> value >= least && value <= greatest);
    if (number.isEmpty()) {
      mistake(name, "give a whole number from " + least + " to " + greatest);
    }
    return number.orElse(fallback);
  }

  /** A number with a point. */
  double fraction(String name, double fallback, double least, double greatest) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<Double> number =
        text.filter(digits -> digits.matches("[0-9]{1,9}([.][0-9]{1,9})?"))
            .map(Double::valueOf)
            .filter(value -> value >= least && value <= greatest);
    if (number.isEmpty()) {
      mistake(name, "give a number from " + least + " to " + greatest);
    }
    return number.orElse(fallback);
  }

  /** A yes or no. */
  boolean flag(String name, boolean fallback) {
    Optional<String> text = text(name);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      mistake(name, "give true or false");
      return fallback;
    }
    return text.map(Boolean::valueOf).orElse(fallback);
  }

  /** One of the constants of an enum, in lower or upper case. */
  <E extends Enum<E>> E choice(String name, E fallback) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return fallback;
    }
    String wanted = text.get().toUpperCase(Locale.ROOT);
    E[] all = fallback.getDeclaringClass().getEnumConstants();
    Optional<E> chosen = Stream.of(all).filter(each -> each.name().equals(wanted)).findFirst();
    if (chosen.isEmpty()) {
      mistake(
          name,
          Stream.of(all)
              .map(each -> each.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", ", "give one of ", "")));
    }
    return chosen.orElse(fallback);
  }

  /** Notes what is wrong with a variable. */
  void mistake(String name, String advice) {
    mistakes.add(name + "=" + text(name).orElse("") + " is wrong: " + advice);
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidRequestException when there were mistakes; the message has one on each line
   */
  void check() {
    if (!mistakes.isEmpty()) {
      throw new InvalidRequestException(String.join("\n", mistakes));
    }
  }
}
