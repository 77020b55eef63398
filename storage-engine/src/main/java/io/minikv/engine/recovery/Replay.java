package io.minikv.engine.recovery;

import io.minikv.domain.Key;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out from the records of all segments which one of each key is live. The order of files is
 * not the order of writes, so the sequence number decides, and a tombstone is remembered until all
 * records were seen.
 */
final class Replay {

  private final EntryTable table;

  /** Of each deleted key the highest sequence number of its tombstones. */
  private final Map<Key, Long> deleted = new HashMap<>();

  private long records;
  private long highestSequence;

  Replay(EntryTable table) {
    this.table = table;
  }

  /** Takes the records of a segment into account. */
  void add(Segment segment) throws IOException {
    FrameScanner frames = new FrameScanner(segment);
    while (frames.next()) {
      FrameHead head = frames.head();
      highestSequence = Math.max(highestSequence, head.sequence());
      if (head.isRecord()) {
        segment.coverSequence(head.sequence());
        records++;
        add(head, frames.location());
      }
    }
  }

  private void add(FrameHead head, long location) throws IOException {
    Key key = head.key();
    Long tombstone = deleted.get(key);
    if (tombstone != null && tombstone > head.sequence()) {
      return;
    }
    long hash = table.hash(key);
    var live = table.find(key, hash);
    if (live != null && live.intactHead().sequence() > head.sequence()) {
      return;
    }
    if (head.type() == Frame.TYPE_PUT) {
      LiveRecord record = LiveRecord.of(location, head);
      table.put(key, hash, record, live == null ? null : live.record());
      deleted.remove(key);
      return;
    }
    if (live != null) {
      table.remove(key, hash, live.record());
    }
    deleted.put(key, head.sequence());
  }

  /** How many records there were. */
  long records() {
    return records;
  }

  /** The highest sequence number that any frame tells. */
  long highestSequence() {
    return highestSequence;
  }
}
