package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text exposition, read by the letter of the format: whatever is not of it fails the test. */
final class Exposition {

  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\n\"])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + LABEL + "(?:," + LABEL + ")*})? ([-+0-9.eE]+|NaN)");
  private static final Pattern NAME_OF_LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"([^\"]*)\"");

  /** By family: what {@code # TYPE} says. */
  final Map<String, String> types = new HashMap<>();

  /** By family: what {@code # UNIT} says. */
  final Map<String, String> units = new HashMap<>();

  private final Map<String, String> helps = new HashMap<>();
  private final Map<String, Double> samples = new HashMap<>();

  private Exposition() {}

  static Exposition parse(String text) {
    Exposition exposition = new Exposition();
    assertThat(text).endsWith("\n");
    text.lines().filter(line -> !line.equals("# EOF")).forEach(exposition::read);
    return exposition;
  }

  private void read(String line) {
    Matcher comment = COMMENT.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (comment.matches()) {
      Map<String, String> about =
          switch (comment.group(1)) {
            case "HELP" -> helps;
            case "TYPE" -> types;
            default -> units;
          };
      assertThat(about.put(comment.group(2), comment.group(3))).as("twice: %s", line).isNull();
    } else {
      assertThat(sample.matches()).as("a sample: %s", line).isTrue();
      String labels = sample.group(2) == null ? "" : sample.group(2);
      String family = family(sample.group(1));
      assertThat(helps).as("HELP before %s", line).containsKey(family);
      assertThat(samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3))))
          .as("twice: %s", line)
          .isNull();
    }
  }

  /** The family of a sample that its type allows to have that name. */
  private String family(String name) {
    List<String> candidates = new ArrayList<>(List.of(name));
    for (String suffix : List.of("_total", "_bucket", "_sum", "_count")) {
      if (name.endsWith(suffix)) {
        candidates.add(name.substring(0, name.length() - suffix.length()));
      }
    }
    List<String> known = candidates.stream().filter(types::containsKey).toList();
    assertThat(known).as("TYPE before %s", name).hasSize(1);
    return known.getFirst();
  }

  /** The names of all samples without their labels. */
  Set<String> names() {
    return samples.keySet().stream()
        .map(series -> series.replaceFirst("\\{.*", ""))
        .collect(Collectors.toSet());
  }

  Set<String> series() {
    return samples.keySet();
  }

  /** The value of a series, named as in the text; 0 when there is none. */
  double value(String series) {
    return samples.getOrDefault(series, 0.0);
  }

  Set<String> labelValues(String label) {
    Set<String> values = new HashSet<>();
    for (String series : samples.keySet()) {
      Matcher labels = NAME_OF_LABEL.matcher(series);
      while (labels.find()) {
        if (labels.group(1).equals(label)) {
          values.add(labels.group(2));
        }
      }
    }
    return values;
  }
}
