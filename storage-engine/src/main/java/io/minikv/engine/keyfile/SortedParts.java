package io.minikv.engine.keyfile;

import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a complete segment in the order of their keys, sorted in memory. When they would
 * take too much of it at once, as long keys do, one range of keys is sorted after the other, each
 * in a pass over the segment of its own. For one thread.
 */
final class SortedParts implements EntrySource {

  /** A part should take no more memory than this part of what the segment takes on the disk. */
  private static final int SEGMENT_PER_PART = 8;

  /** But a part may always have so much: less is not worth a pass. */
  private static final long PART_BYTES_AT_LEAST = 64 << 10;

  /** Up to so many parts are sorted as one: passes over the segment take time. */
  private static final int PARTS_AT_ONCE = 2;

  /** Keys are looked at in so many places of a segment to find the ranges. */
  private static final int SAMPLES = 512;

  /** About what an entry takes in memory beside its key. */
  private static final int BESIDE_KEY_BYTES = 24;

  private final Segment segment;
  private final long end;
  private final Breather breather;

  /** The keys at which the parts but the first one begin. */
  private List<byte[]> bounds = List.of();

  private int part;
  private @Nullable EntrySource entries;

  /** The records before an offset, where a frame ends. */
  SortedParts(Segment segment, long end, Breather breather) {
    this.segment = segment;
    this.end = end;
    this.breather = breather;
  }

  @Override
  public @Nullable KeyEntry next() throws IOException {
    while (part <= bounds.size()) {
      EntrySource current = entries;
      if (current == null) {
        current = (part == 0 ? firstPart() : collect(Long.MAX_VALUE)).sorted(breather).inOrder();
        entries = current;
      }
      KeyEntry entry = current.next();
      if (entry != null) {
        return entry;
      }
      entries = null;
      part++;
    }
    return null;
  }

  /** How many parts there are, as far as is known. */
  int parts() {
    return bounds.size() + 1;
  }

  private RunBuilder firstPart() throws IOException {
    long mostBytes = PARTS_AT_ONCE * partBytes();
    RunBuilder whole = collect(mostBytes);
    if (whole.bytes() <= mostBytes) {
      return whole;
    }
    bounds = findBounds();
    return collect(Long.MAX_VALUE);
  }

  private long partBytes() {
    return Math.max(PART_BYTES_AT_LEAST, end / SEGMENT_PER_PART);
  }

  /**
   * The records of the part whose turn it is, up to one too many when they take too much memory.
   */
  private RunBuilder collect(long mostBytes) throws IOException {
    RunBuilder records = new RunBuilder();
    FrameScanner frames = new FrameScanner(segment, end);
    while (records.bytes() <= mostBytes && frames.next()) {
      FrameHead head = frames.head();
      if (head.isRecord() && isInPart(head)) {
        records.add(head, frames.offset());
      }
      breather.breathe();
    }
    return records;
  }

  private boolean isInPart(FrameHead head) {
    return (part == 0 || head.compareKey(bounds.get(part - 1)) >= 0)
        && (part == bounds.size() || head.compareKey(bounds.get(part)) < 0);
  }

  private List<byte[]> findBounds() throws IOException {
    List<byte[]> samples = new ArrayList<>();
    long bytes = 0;
    FrameScanner frames = new FrameScanner(segment, end);
    while (frames.next()) {
      if (frames.head().isRecord()) {
        bytes += frames.head().keyLength() + BESIDE_KEY_BYTES;
        if (frames.offset() >= samples.size() * (end / SAMPLES)) {
          samples.add(frames.head().key().toByteArray());
        }
      }
      breather.breathe();
    }
    samples.sort(Arrays::compareUnsigned);
    int parts = (int) Math.min(samples.size(), Math.ceilDiv(bytes, partBytes()));
    List<byte[]> found = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      found.add(samples.get((int) ((long) i * samples.size() / parts)));
    }
    return found;
  }
}
