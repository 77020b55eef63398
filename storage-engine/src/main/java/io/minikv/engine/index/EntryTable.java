package io.minikv.engine.index;

import io.minikv.domain.Key;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
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

  private final Index index;
  private final SegmentSet segments;
  private final KeyHasher hasher;

  /** The sum of the lengths of all live values; changed under the lock of the writers. */
  private final AtomicLong valueBytes = new AtomicLong();

  /** An empty table over segments. */
  public EntryTable(Index index, SegmentSet segments, KeyHasher hasher) {
    this.index = index;
    this.segments = segments;
    this.hasher = hasher;
  }

  /** The segments that locations point into. */
  public SegmentSet segments() {
    return segments;
  }

  /** The hash of a key, for the other methods. */
  public long hash(Key key) {
    return hasher.hash(key);
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
    Lookup lookup = new Lookup(key, false);
    return index.find(hash, lookup) == Index.NONE ? null : lookup.found;
  }

  /**
   * As {@link #find}, but takes a record that is damaged for that of the key whose hash it has, so
   * that a damaged entry can be overwritten.
   */
  public @Nullable Found findToReplace(Key key, long hash) throws IOException {
    Lookup lookup = new Lookup(key, true);
    return index.find(hash, lookup) == Index.NONE ? null : lookup.found;
  }

  /** Whether the record at a location is the live one of its key; reads nothing but the index. */
  public boolean isLive(long hash, long location) throws IOException {
    return index.find(hash, candidate -> candidate == location) != Index.NONE;
  }

  /** Reads the record of a location that was live. */
  public Found read(long location) throws IOException {
    Segment segment = segments.get(Location.fileNumber(location));
    return new Found(location, segment, segment.head(Location.offset(location)));
  }

  /**
   * Makes a record the live one of its key.
   *
   * @param former the record that was live when the key was last looked up, or nothing; it may have
   *     been moved since
   */
  public void put(
      Key key, long hash, long location, long frameLength, int valueLength, @Nullable Found former)
      throws IOException {
    if (former == null) {
      index.add(hash, location);
    } else if (index.replace(hash, former.location(), location)) {
      countDead(former);
    } else {
      Found moved = findToReplace(key, hash);
      if (moved == null) {
        index.add(hash, location);
      } else {
        index.replace(hash, moved.location(), location);
        countDead(moved);
      }
    }
    segments.get(Location.fileNumber(location)).addLiveBytes(frameLength);
    valueBytes.addAndGet(valueLength);
  }

  /** Removes a key; {@code former} is the record that was live when it was last looked up. */
  public void remove(Key key, long hash, Found former) throws IOException {
    if (index.remove(hash, former.location())) {
      countDead(former);
      return;
    }
    Found moved = findToReplace(key, hash);
    if (moved != null) {
      index.remove(hash, moved.location());
      countDead(moved);
    }
  }

  /**
   * Removes an entry whose record has expired, unless another record of its key is live by now.
   *
   * @return whether it was removed
   */
  public boolean removeAt(long hash, long location, long frameLength, int valueLength) {
    if (!index.remove(hash, location)) {
      return false;
    }
    segments.get(Location.fileNumber(location)).addLiveBytes(-frameLength);
    valueBytes.addAndGet(-valueLength);
    return true;
  }

  private void countDead(Found former) {
    former.segment().addLiveBytes(-former.frameLength());
    valueBytes.addAndGet(-former.valueLength());
  }

  /**
   * Points to the copy of a record, unless another one is live by now.
   *
   * @return whether the copy is live
   */
  public boolean move(long hash, long from, long to, long frameLength) {
    if (!index.replace(hash, from, to)) {
      return false;
    }
    segments.get(Location.fileNumber(from)).addLiveBytes(-frameLength);
    segments.get(Location.fileNumber(to)).addLiveBytes(frameLength);
    return true;
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
      Segment segment = segments.get(Location.fileNumber(location));
      try {
        FrameHead head = segment.head(Location.offset(location));
        found = new Found(location, segment, head);
        return head.hasKey(key);
      } catch (DamagedSegmentException e) {
        if (!acceptsDamaged) {
          throw e;
        }
        found = new Found(location, segment, null);
        return true;
      }
    }
  }
}
