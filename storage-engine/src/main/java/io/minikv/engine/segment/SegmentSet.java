package io.minikv.engine.segment;

import io.minikv.engine.io.MappingClosedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The segments that are live, by file number. Looking one up takes no lock: a change puts a new
 * table in place of the old one.
 *
 * <p>Thread-safe.
 */
public final class SegmentSet {

  private static final int SMALLEST_TABLE = 16;

  /** Open addressing by the lower bits of the file number; at most half full. */
  private volatile Segment[] table = new Segment[SMALLEST_TABLE];

  /**
   * The segment of a number.
   *
   * @throws MappingClosedException when it is not live any more: the reader looks its key up again
   */
  public Segment get(long fileNumber) {
    Segment[] current = table;
    int mask = current.length - 1;
    for (int slot = (int) fileNumber & mask; current[slot] != null; slot = (slot + 1) & mask) {
      if (current[slot].fileNumber() == fileNumber) {
        return current[slot];
      }
    }
    throw new MappingClosedException("segment " + fileNumber);
  }

  /** All of them, the lowest file number first. */
  public List<Segment> all() {
    List<Segment> segments = new ArrayList<>();
    for (Segment segment : table) {
      if (segment != null) {
        segments.add(segment);
      }
    }
    segments.sort(Comparator.comparingLong(Segment::fileNumber));
    return segments;
  }

  /** Adds one. */
  public void add(Segment segment) {
    replace(List.of(), List.of(segment));
  }

  /** Takes some away and adds others in one step. */
  public synchronized void replace(Collection<Segment> leaving, Collection<Segment> coming) {
    Set<Segment> next = new HashSet<>(all());
    next.removeAll(leaving);
    next.addAll(coming);
    int length = SMALLEST_TABLE;
    while (length < next.size() * 2) {
      length *= 2;
    }
    Segment[] newTable = new Segment[length];
    for (Segment segment : next) {
      int slot = (int) segment.fileNumber() & (length - 1);
      while (newTable[slot] != null) {
        slot = (slot + 1) & (length - 1);
      }
      newTable[slot] = segment;
    }
    table = newTable;
  }
}
