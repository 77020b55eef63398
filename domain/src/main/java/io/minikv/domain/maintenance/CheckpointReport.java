package io.minikv.domain.maintenance;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a checkpoint made.
 *
 * @param directory where it lies
 * @param sequence the sequence number up to which it holds all writes
 * @param files how many files it has
 * @param bytes their size
 * @param took how long it took
 */
public record CheckpointReport(
    Path directory, long sequence, int files, long bytes, Duration took) {}
