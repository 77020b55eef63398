package io.minikv.engine.compaction;

import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.segment.SegmentDirectory;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;

/**
 * The parts of a store that a compaction works on.
 *
 * @param publishing held while the MANIFEST and the index change from old segments to new ones
 */
record StoreAccess(
    CommitPipeline pipeline,
    SegmentDirectory directory,
    EntryTable table,
    OlderRecords older,
    Lock publishing,
    InstantSource clock) {}
