package io.minikv.engine.recovery;

import io.minikv.domain.Key;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
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

  /** What the table holds already is the state after the write of this sequence number. */
  private final long sequence;

  private long records;
  private long bytes;
  private long highestSequence;

  /**
   * Goes on from what a table holds.
   *
   * @param sequence that is the state after the write of this sequence number
   */
  Replay(EntryTable table, long sequence) {
    this.table = table;
    this.sequence = sequence;
    this.highestSequence = sequence;
  }

  /** Takes the records of a segment into account that lie behind an offset. */
  void add(Segment segment, long from) throws IOException {
    bytes += segment.end() - from;
    FrameScanner frames = FrameScanner.from(segment, from);
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
    Found live = table.findToReplace(key, hash);
    if (live != null && isNewer(live, head)) {
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

  /**
   * Whether the record that is live so far is newer. One that is damaged is of the snapshot, as all
   * others were read.
   */
  private boolean isNewer(Found live, FrameHead head) {
    return live.head() == null
        ? sequence >= head.sequence()
        : live.head().sequence() > head.sequence();
  }

  /** How many bytes of segments were read. */
  long bytes() {
    return bytes;
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
