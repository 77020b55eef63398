package io.minikv.adapter.cli;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.VerificationReport;
import java.util.List;

/** How damaged places are told. */
final class DamageAnswers {

  private DamageAnswers() {}

  /** The answer of a verification; damaged places first, a line each. */
  static ExitStatus verified(VerificationReport report, Answers answers) {
    String summary =
        "Verified %d files with %d records in %d bytes: %s"
            .formatted(report.files(), report.records(), report.bytes(), summary(report.damages()));
    answers.say(lines(report.damages()) + summary, json(report));
    return report.isClean() ? ExitStatus.DONE : ExitStatus.DAMAGED;
  }

  private static String summary(List<Damage> damages) {
    return switch (damages.size()) {
      case 0 -> "all is whole";
      case 1 -> "1 place is damaged";
      default -> damages.size() + " places are damaged";
    };
  }

  /** A line for each damaged place, each with its end. */
  static String lines(List<Damage> damages) {
    StringBuilder text = new StringBuilder();
    for (Damage damage : damages) {
      text.append(damage.file()).append(", at byte ").append(damage.offset());
      damage.key().ifPresent(key -> text.append(", key ").append(key));
      text.append(": ").append(damage.description()).append('\n');
    }
    return text.toString();
  }

  static JsonObject json(VerificationReport report) {
    return new JsonObject()
        .put("status", report.isClean() ? "whole" : "damaged")
        .put("files", report.files())
        .put("records", report.records())
        .put("bytes", report.bytes())
        .put("took_ms", report.took().toMillis())
        .put("damages", json(report.damages()));
  }

  static List<JsonObject> json(List<Damage> damages) {
    return damages.stream().map(DamageAnswers::json).toList();
  }

  private static JsonObject json(Damage damage) {
    JsonObject json =
        new JsonObject()
            .put("file", damage.file())
            .put("offset", damage.offset())
            .put("length", damage.length())
            .put("description", damage.description());
    damage.key().map(Key::toByteArray).ifPresent(key -> json.putBytes("key", key, Encoding.TEXT));
    return json;
  }
}
