package io.minikv.app;

import io.minikv.domain.maintenance.RecoveryReport;

/** What an opening found, in a sentence. */
final class RecoverySummary {

  private RecoverySummary() {}

  static String of(RecoveryReport report) {
    return switch (report.outcome()) {
      case CREATED -> "created.";
      case CLEAN -> "it had been closed; " + figures(report);
      case RECOVERED -> "it had not been closed, and was recovered; " + figures(report);
    };
  }

  private static String figures(RecoveryReport report) {
    return "%,d keys, %,d records read in %,d ms."
        .formatted(report.keys(), report.records(), report.took().toMillis());
  }
}
