package io.minikv.engine.keyfile;

import io.minikv.engine.segment.Segment;

/**
 * A segment as far as it was written.
 *
 * @param segment the segment
 * @param end where its last frame ended
 */
public record SegmentPart(Segment segment, long end) {}
