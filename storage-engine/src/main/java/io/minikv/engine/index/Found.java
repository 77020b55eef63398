package io.minikv.engine.index;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The record that an index entry points to, with its head read and verified.
 *
 * @param location where it lies
 * @param segment the segment of that location
 * @param head its head; nothing when it is damaged, so that only its hash tells whose it is
 */
public record Found(long location, Segment segment, @Nullable FrameHead head) {

  /** Where it lies in its segment, in bytes. */
  public long offset() {
    return Location.offset(location);
  }

  /** Its head. */
  public FrameHead intactHead() throws IOException {
    return head != null ? head : segment.head(offset());
  }

  /** How much it takes. */
  public LiveRecord record() {
    return head == null ? LiveRecord.damaged(location) : LiveRecord.of(location, head);
  }
}
