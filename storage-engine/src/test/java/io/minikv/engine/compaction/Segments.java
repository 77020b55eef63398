package io.minikv.engine.compaction;

import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;

/** Segments without records that say of themselves that they have some. */
final class Segments {

  private final SimulatedDisk disk = new SimulatedDisk();

  /** One whose records have sequence numbers from the lowest to the highest; 0 and 0 for none. */
  Segment create(long number, long lowestSequence, long highestSequence) throws IOException {
    SegmentHeader header = new SegmentHeader(SegmentHeader.Kind.LOG, new StoreId(1, 2), number, 0);
    Segment segment = SegmentWriter.create(disk, header, 1 << 20).segment();
    segment.coverSequences(lowestSequence, highestSequence);
    return segment;
  }
}
