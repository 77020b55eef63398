package io.minikv.engine.compaction;

import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.SegmentDirectory;
import java.time.InstantSource;

/**
 * The parts of a store that a compaction works on.
 *
 * @param maintenance held by a group from the first record that it looks at until it is published
 */
record StoreAccess(
    CommitPipeline pipeline,
    SegmentDirectory directory,
    EntryTable table,
    KeyFiles keyFiles,
    MaintenanceLock maintenance,
    InstantSource clock) {}
