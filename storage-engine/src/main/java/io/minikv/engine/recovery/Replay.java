package io.minikv.engine.recovery;

import io.minikv.domain.Key;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.io.Disk;
import io.minikv.engine.keyfile.DamagedKeyFileException;
import io.minikv.engine.keyfile.KeyCursor;
import io.minikv.engine.keyfile.KeyFile;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from the records of all segments which one of each key is live, be they read in the
 * segment or told by its key file. The order of files is not the order of writes, nor is that of a
 * key file, so the sequence number decides, and a tombstone is remembered until all records were
 * seen. A record that comes again changes nothing.
 */
final class Replay {

  private final Disk disk;
  private final EntryTable table;

  /** Of each deleted key the highest sequence number of its tombstones. */
  private final Map<Key, Long> deleted = new HashMap<>();

  /** What the table holds already is the state after the write of this sequence number. */
  private final long sequence;

  /** The numbers of the segments whose records were not read, but taken from their key files. */
  private final Set<Long> told = new HashSet<>();

  private long records;
  private long bytes;
  private long highestSequence;

  /**
   * The record of a key that is live so far.
   *
   * @param sequence its sequence number, or one that no record before it exceeds
   */
  private record Former(long sequence, LiveRecord record) {}

  /**
   * Goes on from what a table holds.
   *
   * @param sequence that is the state after the write of this sequence number
   */
  Replay(Disk disk, EntryTable table, long sequence) {
    this.disk = disk;
    this.table = table;
    this.sequence = sequence;
    this.highestSequence = sequence;
  }

  /** Takes the records of a segment into account that lie behind an offset, reading them. */
  void add(Segment segment, long from) throws IOException {
    bytes += segment.end() - from;
    FrameScanner frames = FrameScanner.from(segment, from);
    while (frames.next()) {
      FrameHead head = frames.head();
      highestSequence = Math.max(highestSequence, head.sequence());
      if (head.isRecord()) {
        segment.coverSequence(head.sequence());
        records++;
        Key key = head.key();
        boolean isPut = head.type() == Frame.TYPE_PUT;
        LiveRecord put = isPut ? LiveRecord.of(frames.location(), head) : null;
        add(key, table.hash(key), head.sequence(), put);
      }
    }
  }

  /**
   * Takes all records of a segment into account as its key file tells of them.
   *
   * @throws DamagedKeyFileException when it is damaged; some were taken into account then
   */
  void add(Segment segment, KeyFile keys) throws IOException {
    told.add(segment.fileNumber());
    KeyCursor cursor = keys.cursor();
    KeyEntry entry = cursor.entry();
    long entries = 0;
    Key newest = null;
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      entries++;
      int keyEnd = entry.keyAt() + entry.keyLength();
      if (newest == null || !newest.contentEquals(entry.bytes(), entry.keyAt(), keyEnd)) {
        newest = entry.key(); // The older records of a key follow, and are dead.
        LiveRecord put = entry.isTombstone() ? null : live(segment, keys, entry);
        add(newest, table.hash(newest), entry.sequence(), put);
      }
    }
    if (entries != keys.entries()) {
      throw new DamagedKeyFileException(keys.name(), "has lost entries");
    }
    segment.coverSequences(keys.lowestSequence(), keys.highestSequence());
    highestSequence = Math.max(highestSequence, keys.highestSequence());
    bytes += segment.end() - SegmentHeader.LENGTH;
  }

  private static LiveRecord live(Segment segment, KeyFile keys, KeyEntry entry) throws IOException {
    long offset = entry.offset();
    if (offset < SegmentHeader.LENGTH || offset + entry.frameLength() > segment.end()) {
      throw new DamagedKeyFileException(keys.name(), "points to something outside of its segment");
    }
    long location = Location.of(segment.fileNumber(), offset);
    boolean hasStoredValue = entry.frameLength() > Frame.align(entry.headLength());
    return entry.isPlain() || hasStoredValue
        ? told(location, entry)
        : LiveRecord.of(location, segment.head(offset)); // Only the head has the value file.
  }

  /** A record as an entry tells of it, which says nothing of value files. */
  private static LiveRecord told(long location, KeyEntry entry) {
    return new LiveRecord(
        location, entry.frameLength(), entry.valueLength(), LiveRecord.NO_VALUE_FILE);
  }

  /**
   * Takes a record into account.
   *
   * @param put where it lies, if it is a put; nothing for a tombstone
   */
  private void add(Key key, long hash, long version, @Nullable LiveRecord put) throws IOException {
    Long tombstone = deleted.get(key);
    if (tombstone != null && tombstone > version) {
      return;
    }
    Former former = former(key, hash);
    if (former != null && former.sequence() >= version) {
      return;
    }
    if (put != null) {
      table.put(key, hash, put, former == null ? null : former.record());
      deleted.remove(key);
      return;
    }
    if (former != null) {
      table.remove(key, hash, former.record());
    }
    deleted.put(key, version);
  }

  private @Nullable Former former(Key key, long hash) throws IOException {
    Found live = table.findToReplace(key, hash);
    if (live == null) {
      return null;
    }
    FrameHead head = live.head();
    if (head != null) {
      return new Former(head.sequence(), live.record());
    }
    return told.contains(live.segment().fileNumber())
        ? toldOfDamaged(key, live)
        : new Former(sequence, live.record()); // Of the snapshot, as all others were read.
  }

  /** A damaged record that is live so far as its key file told. */
  private Former toldOfDamaged(Key key, Found damaged) throws IOException {
    try (KeyFile keys = KeyFile.open(disk, damaged.segment())) {
      if (keys != null) {
        KeyCursor cursor = keys.cursor();
        KeyEntry entry = cursor.entry();
        byte[] wanted = key.toByteArray();
        for (boolean more = cursor.seek(wanted);
            more && KeyEntry.compareKey(entry.bytes(), entry.at(), wanted) == 0;
            more = cursor.next()) {
          if (entry.offset() == damaged.offset()) {
            return new Former(entry.sequence(), told(damaged.location(), entry));
          }
        }
      }
    }
    FrameHead head = damaged.intactHead(); // Tells what is damaged: the key is not known.
    return new Former(head.sequence(), LiveRecord.of(damaged.location(), head));
  }

  /** How many bytes the segments have whose records were taken into account, or parts of them. */
  long bytes() {
    return bytes;
  }

  /** How many records were read in segments. */
  long records() {
    return records;
  }

  /** The highest sequence number that any frame tells. */
  long highestSequence() {
    return highestSequence;
  }
}
