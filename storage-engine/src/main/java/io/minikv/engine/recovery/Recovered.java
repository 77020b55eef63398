package io.minikv.engine.recovery;

import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;

/**
 * A store that was opened.
 *
 * @param directory its files; the MANIFEST says that it is open
 * @param table its keys
 * @param active where its log goes on
 * @param lastSequence a sequence number that no earlier one exceeds
 * @param report what was found
 */
public record Recovered(
    SegmentDirectory directory,
    EntryTable table,
    SegmentWriter active,
    long lastSequence,
    RecoveryReport report) {}
