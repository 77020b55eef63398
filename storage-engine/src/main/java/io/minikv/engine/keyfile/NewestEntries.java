package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The newest entry of each key that some runs hold, as a merged key file has it. */
final class NewestEntries implements EntrySource {

  /** So many entries are taken between two looks whether the store is being closed. */
  private static final int ENTRIES_AT_ONCE = 1024;

  private final List<Segment> segments;
  private final Map<Segment, Integer> places = new HashMap<>();
  private final long[] counts;
  private final BooleanSupplier closing;
  private final RunHeap sources = new RunHeap();
  private final byte[] bytes = new byte[KeyEntry.MAX_LENGTH];
  private final KeyEntry newest = new KeyEntry();
  private long taken;

  /** The source that is being moved, which is the damaged one when that fails. */
  private @Nullable RunSource moving;

  /**
   * Of runs without a position.
   *
   * @param segments those that the runs tell of, in the order that the file will list them in
   * @param closing whether the store is being closed, which ends the merge
   */
  NewestEntries(List<Segment> segments, BooleanSupplier closing) {
    this.segments = segments;
    this.counts = new long[segments.size()];
    this.closing = closing;
    segments.forEach(segment -> places.put(segment, places.size()));
  }

  /** Adds a run; all are added before the first entry is taken. */
  void add(RunSource source) throws IOException {
    moving = source;
    if (source.run().entries() > 0 && source.begin()) {
      sources.add(source);
    }
  }

  @Override
  public @Nullable KeyEntry next() throws IOException {
    if (++taken % ENTRIES_AT_ONCE == 0 && closing.getAsBoolean()) {
      throw new MappingClosedException("a merged key file");
    }
    if (sources.isEmpty()) {
      return null;
    }
    long prefix = sources.first().prefix();
    take(sources.first());
    moveFirst();
    while (!sources.isEmpty() && isAtSameKey(sources.first(), prefix)) {
      if (sources.first().entry().sequence() > newest.sequence()) {
        take(sources.first());
      }
      moveFirst();
    }
    counts[newest.place()]++;
    return newest;
  }

  private void take(RunSource source) {
    Integer place = places.get(source.segment());
    if (place == null) {
      throw new IllegalStateException("a run tells of another segment");
    }
    source.entry().encodeMerged(place, bytes);
    newest.decode(bytes, 0);
  }

  private void moveFirst() throws IOException {
    moving = sources.first();
    sources.moveFirst();
  }

  private boolean isAtSameKey(RunSource source, long prefix) {
    return source.prefix() == prefix
        && KeyEntry.compareKeys(
                source.entry().bytes(), source.entry().at(), newest.bytes(), newest.at())
            == 0;
  }

  /** The list of segments, when all entries were taken. */
  List<MergedSegment> list() {
    List<MergedSegment> list = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      Segment segment = segments.get(i);
      list.add(new MergedSegment(segment.fileNumber(), segment.end(), counts[i]));
    }
    return list;
  }

  /** The source that was moved last, which is the damaged one when that failed. */
  @Nullable RunSource moving() {
    return moving;
  }
}
