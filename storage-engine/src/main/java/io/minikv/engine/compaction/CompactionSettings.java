package io.minikv.engine.compaction;

/**
 * What the choice of segments depends on.
 *
 * @param segmentBytes the size at which segments end, in bytes
 * @param threshold so many complete segments there are at least before a run in the background
 * @param deadRatio which part of a segment is dead at least when such a run takes it
 * @param bytesPerSecond how much is written at most; 0 for no limit
 */
public record CompactionSettings(
    long segmentBytes, int threshold, double deadRatio, long bytesPerSecond) {}
