package io.minikv.engine.compaction;

import io.minikv.domain.Key;
import io.minikv.engine.segment.Segment;
import java.io.IOException;

/** Tells whether a segment may hold a record of a key that is older than a version. */
@FunctionalInterface
interface OlderRecords {

  /**
   * Whether it may.
   *
   * @param segment with records of lower versions, of any key
   * @param hash that of the key
   */
  boolean mayHold(Segment segment, Key key, long hash, long version) throws IOException;
}
