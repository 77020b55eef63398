package io.minikv.engine.recovery;

import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.snapshot.LoadedSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A store that was opened.
 *
 * @param directory its files; the MANIFEST says that it is open
 * @param table its keys
 * @param active where its log goes on
 * @param lastSequence a sequence number that no earlier one exceeds
 * @param snapshot the index snapshot that was used, if one was
 * @param replayedBytes how many bytes of segments lie behind it, or are there without one
 * @param report what was found
 */
public record Recovered(
    SegmentDirectory directory,
    EntryTable table,
    SegmentWriter active,
    long lastSequence,
    @Nullable LoadedSnapshot snapshot,
    long replayedBytes,
    RecoveryReport report) {}
