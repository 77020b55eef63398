package io.minikv.engine.index;

import io.minikv.domain.Key;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The visible state of the store: for each key the record that is live, and how many bytes are live
 * in each segment.
 *
 * <p>Lookups take no lock and run beside changes; changes are made under the lock of the writers.
 */
public final class EntryTable {

  /** There is hardly ever more than one entry of a hash: the first one is looked at by itself. */
  private static final Index.Matcher ANY = location -> true;

  private final Index index;
  private final SegmentSet segments;
  private final KeyHasher hasher;
  private final ValueFiles values;

  /** The sum of the lengths of all live values; changed under the lock of the writers. */
  private final AtomicLong valueBytes = new AtomicLong();

  /** An empty table over segments, and the files that their records name. */
  public EntryTable(Index index, SegmentSet segments, KeyHasher hasher, ValueFiles values) {
    this.index = index;
    this.segments = segments;
    this.hasher = hasher;
    this.values = values;
  }

  /** The segments that locations point into. */
  public SegmentSet segments() {
    return segments;
  }

  /** The files that hold values in place of records. */
  public ValueFiles values() {
    return values;
  }

  /** The hash of a key, for the other methods. */
  public long hash(Key key) {
    return hasher.hash(key);
  }

  /** The hash of the key in {@code length} bytes from {@code from} on. */
  public long hash(byte[] bytes, int from, int length) {
    return hasher.hash(bytes, from, length);
  }

  /** How many keys there are, expired ones included. */
  public long keys() {
    return index.size();
  }

  /** The sum of the lengths of their values, in bytes. */
  public long valueBytes() {
    return valueBytes.get();
  }

  /** Where all live records lie, in no order; called under the lock of the writers. */
  public long[] locations() {
    return index.locations();
  }

  /**
   * The live record of a key, or nothing when there is none.
   *
   * @throws DamagedSegmentException when the record cannot be read
   * @throws io.minikv.engine.io.MappingClosedException when its segment was retired meanwhile: look
   *     again
   */
  public @Nullable Found find(Key key, long hash) throws IOException {
    return find(key, hash, false);
  }

  /**
   * As {@link #find}, but takes a record that is damaged for that of the key whose hash it has, so
   * that a damaged entry can be overwritten.
   */
  public @Nullable Found findToReplace(Key key, long hash) throws IOException {
    return find(key, hash, true);
  }

  /**
   * Where a record of that hash lies, which hardly ever is that of another key; reads nothing but
   * the index.
   *
   * @return {@link Index#NONE} when there is none
   */
  public long locationOf(long hash) throws IOException {
    return index.find(hash, ANY);
  }

  private @Nullable Found find(Key key, long hash, boolean acceptsDamaged) throws IOException {
    long location = locationOf(hash);
    if (location == Index.NONE) {
      return null;
    }
    Found found = candidate(location, acceptsDamaged);
    if (isOf(key, found)) {
      return found;
    }
    Lookup lookup = new Lookup(key, acceptsDamaged); // Another key with the same hash, or a change.
    return index.find(hash, lookup) == Index.NONE ? null : lookup.found;
  }

  private Found candidate(long location, boolean acceptsDamaged) throws IOException {
    Segment segment = segments.get(Location.fileNumber(location));
    try {
      return new Found(location, segment, segment.head(Location.offset(location)));
    } catch (DamagedSegmentException e) {
      if (!acceptsDamaged) {
        throw e;
      }
      return new Found(location, segment, null);
    }
  }

  private static boolean isOf(Key key, Found found) {
    FrameHead head = found.head();
    return head == null || head.hasKey(key);
  }

  /**
   * Whether what a lookup found holds still, though the table may have changed since. Reads no
   * record; called under the lock of the writers.
   *
   * @param found the record that was live, or nothing when there was none
   */
  public boolean isCurrent(long hash, @Nullable Found found) {
    return found == null ? !index.containsAny(hash) : index.contains(hash, found.location());
  }

  /** See {@link Index#touch}. */
  public void touch(long[] hashes, int from, int to) {
    index.touch(hashes, from, to);
  }

  /** Whether the record at a location is the live one of its key; reads nothing but the index. */
  public boolean isLive(long hash, long location) throws IOException {
    return index.find(hash, candidate -> candidate == location) != Index.NONE;
  }

  /** Reads the record of a location that was live. */
  public Found read(long location) throws IOException {
    return candidate(location, false);
  }

  /**
   * Makes a record the live one of its key.
   *
   * @param former the record that was live when the key was last looked up, or nothing; it may have
   *     been moved since
   */
  public void put(Key key, long hash, LiveRecord record, @Nullable LiveRecord former)
      throws IOException {
    LiveRecord replaced = former;
    if (replaced != null && !index.replace(hash, replaced.location(), record.location())) {
      replaced = moved(key, hash);
      if (replaced != null) {
        index.replace(hash, replaced.location(), record.location());
      }
    }
    if (replaced == null) {
      index.add(hash, record.location());
    } else {
      countDead(replaced);
    }
    count(record, 1);
  }

  /** Removes a key; {@code former} is the record that was live when it was last looked up. */
  public void remove(Key key, long hash, LiveRecord former) throws IOException {
    LiveRecord removed = former;
    if (!index.remove(hash, removed.location())) {
      removed = moved(key, hash);
      if (removed == null) {
        return;
      }
      index.remove(hash, removed.location());
    }
    countDead(removed);
  }

  private @Nullable LiveRecord moved(Key key, long hash) throws IOException {
    Found found = findToReplace(key, hash);
    return found == null ? null : found.record();
  }

  /** Removes the entry of a record, unless another one of its key is live by now. */
  public void removeIfAt(long hash, LiveRecord expected) {
    if (index.remove(hash, expected.location())) {
      countDead(expected);
    }
  }

  /** Counts a record as dead, and its value file with it. */
  private void countDead(LiveRecord record) {
    count(record, -1);
    if (record.valueFile() != LiveRecord.NO_VALUE_FILE) {
      values.markDead(record.valueFile());
    }
  }

  private void count(LiveRecord record, int sign) {
    Segment segment = segments.get(Location.fileNumber(record.location()));
    segment.addLiveBytes(sign * record.frameLength());
    segment.addLiveValueBytes((long) sign * record.valueLength());
    valueBytes.addAndGet((long) sign * record.valueLength());
  }

  /**
   * Points to the copy of a record, unless another one is live by now.
   *
   * @return whether the copy is live
   */
  public boolean move(long hash, long from, long to, long frameLength, int valueLength) {
    if (!index.replace(hash, from, to)) {
      return false;
    }
    count(new LiveRecord(from, frameLength, valueLength, LiveRecord.NO_VALUE_FILE), -1);
    count(new LiveRecord(to, frameLength, valueLength, LiveRecord.NO_VALUE_FILE), 1);
    return true;
  }

  /** The index itself, to be copied. */
  public Index index() {
    return index;
  }

  /**
   * Counts what was live in a segment when the index was loaded, so that it need not be counted
   * record by record.
   */
  public void addLive(Segment segment, long liveBytes, long liveValueBytes) {
    segment.addLiveBytes(liveBytes);
    segment.addLiveValueBytes(liveValueBytes);
    valueBytes.addAndGet(liveValueBytes);
  }

  /** One search for the record of one key. */
  private final class Lookup implements Index.Matcher {

    private final Key key;
    private final boolean acceptsDamaged;
    private @Nullable Found found;

    Lookup(Key key, boolean acceptsDamaged) {
      this.key = key;
      this.acceptsDamaged = acceptsDamaged;
    }

    @Override
    public boolean matches(long location) throws IOException {
      Found candidate = candidate(location, acceptsDamaged);
      found = candidate;
      return isOf(key, candidate);
    }
  }
}
