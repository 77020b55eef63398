package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.domain.maintenance.VerificationReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What maintenance reports, as JSON. */
final class MaintenanceViews {

  private MaintenanceViews() {}

  /** A snapshot. */
  record Snapshot(long sequence, long keys, long bytes, long durationMs) {

    static Snapshot of(SnapshotReport report) {
      return new Snapshot(
          report.sequence(), report.keys(), report.bytes(), report.took().toMillis());
    }
  }

  /** A backup; where it lies is told by its name alone. */
  record Backup(String name, long sequence, int files, long bytes, long durationMs) {

    static Backup of(String name, CheckpointReport report) {
      return new Backup(
          name, report.sequence(), report.files(), report.bytes(), report.took().toMillis());
    }
  }

  /** A verification. */
  record Verification(
      boolean clean, int files, long bytes, long records, List<Damage> damages, long durationMs) {

    static Verification of(VerificationReport report) {
      return new Verification(
          report.isClean(),
          report.files(),
          report.bytes(),
          report.records(),
          report.damages().stream().map(Damage::of).toList(),
          report.took().toMillis());
    }
  }

  /** A damaged place. */
  record Damage(String file, long offset, long length, @Nullable Object key, String description) {

    static Damage of(io.minikv.domain.maintenance.Damage damage) {
      return new Damage(
          damage.file(),
          damage.offset(),
          damage.length(),
          damage.key().map(KeyJson::of).orElse(null),
          damage.description());
    }
  }
}
