package io.minikv.domain.maintenance;

import java.time.Duration;

/**
 * What a snapshot wrote.
 *
 * @param sequence the sequence number up to which it covers all writes
 * @param keys how many keys it holds
 * @param bytes its size
 * @param took how long it took
 */
public record SnapshotReport(long sequence, long keys, long bytes, Duration took) {}
