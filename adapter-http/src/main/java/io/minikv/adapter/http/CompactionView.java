package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CompactionReport;

/** A compaction as JSON. */
record CompactionView(
    String startedAt,
    long durationMs,
    int segmentsBefore,
    int segmentsAfter,
    long bytesBefore,
    long bytesAfter,
    long reclaimedBytes,
    long movedRecords,
    long droppedRecords) {

  static CompactionView of(CompactionReport report) {
    return new CompactionView(
        report.startedAt().toString(),
        report.took().toMillis(),
        report.segmentsBefore(),
        report.segmentsAfter(),
        report.bytesBefore(),
        report.bytesAfter(),
        report.reclaimedBytes(),
        report.movedRecords(),
        report.droppedRecords());
  }
}
