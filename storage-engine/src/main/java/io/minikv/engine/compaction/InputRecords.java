package io.minikv.engine.compaction;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.Touches;
import io.minikv.engine.keyfile.DamagedKeyFileException;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.keyfile.KeyRun;
import io.minikv.engine.keyfile.RunHeap;
import io.minikv.engine.keyfile.RunSource;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Collection;

/**
 * The records of the inputs of a compaction that matter still, in the order of their keys: what is
 * copied so lies as scans want it. Of dead records nothing is read but what key files tell.
 *
 * <p>The records to come are looked up some at a time, so that their memory is on its way before
 * they are read. One can die meanwhile, as it can until its copy is pointed to. For one thread.
 */
final class InputRecords {

  private static final int BATCH = 64;

  /** What lies further behind the beginning of a record, the processor gets by itself. */
  private static final int NEAR_BYTES = 512;

  private final KeyFiles keyFiles;
  private final EntryTable table;
  private final Runnable beforeBatch;
  private final RunHeap sources = new RunHeap();
  private final Touches touches = new Touches();

  private final Segment[] segments = new Segment[BATCH];
  private final long[] offsets = new long[BATCH];
  private final long[] lengths = new long[BATCH];
  private final boolean[] tombstones = new boolean[BATCH];
  private final long[] hashes = new long[BATCH];
  private int count;
  private int at;
  private long dead;
  private long passedBytes;

  /**
   * Those of some complete segments.
   *
   * @param beforeBatch is run before some dozens of records are looked up, dead ones too; throws
   *     when there is no point in going on
   * @throws DamagedKeyFileException as {@link #next} does
   */
  InputRecords(
      KeyFiles keyFiles, EntryTable table, Collection<Segment> inputs, Runnable beforeBatch)
      throws IOException {
    this.keyFiles = keyFiles;
    this.table = table;
    this.beforeBatch = beforeBatch;
    for (Segment input : inputs) {
      for (KeyRun run : keyFiles.runs(input, input.end())) {
        RunSource source = new RunSource(input, run, true);
        if (begin(source)) {
          sources.add(source);
        }
      }
    }
  }

  /**
   * Moves to the next record, which is a tombstone, or was live a moment ago.
   *
   * @return false at the end
   * @throws DamagedKeyFileException when a key file is damaged, which is not used again: begin anew
   */
  boolean next() throws IOException {
    if (++at >= count) {
      fill();
    }
    return at < count;
  }

  private void fill() throws IOException {
    at = 0;
    count = 0;
    while (count == 0 && !sources.isEmpty()) {
      int taken = take();
      table.touch(hashes, 0, taken);
      for (int i = 0; i < taken; i++) {
        keepLive(i);
      }
    }
    touches.run();
  }

  /** Takes some records, dead ones too; returns how many. */
  private int take() throws IOException {
    beforeBatch.run();
    int taken = 0;
    while (taken < BATCH && !sources.isEmpty()) {
      RunSource source = sources.first();
      KeyEntry entry = source.entry();
      segments[taken] = source.segment();
      offsets[taken] = entry.offset();
      lengths[taken] = entry.frameLength();
      tombstones[taken] = entry.isTombstone();
      hashes[taken] = table.hash(entry.bytes(), entry.keyAt(), entry.keyLength());
      passedBytes += entry.frameLength();
      taken++;
      moveOn(source);
    }
    return taken;
  }

  private void keepLive(int i) throws IOException {
    Segment segment = segments[i];
    long offset = offsets[i];
    long location = Location.of(segment.fileNumber(), offset);
    if (!tombstones[i] && !table.isLive(hashes[i], location)) {
      dead++;
      return;
    }
    segments[count] = segment;
    offsets[count] = offset;
    hashes[count] = hashes[i];
    count++;
    segment.addTo(touches, offset, (int) Math.min(lengths[i], NEAR_BYTES));
  }

  private boolean begin(RunSource source) throws IOException {
    try {
      return source.run().entries() > 0 && source.begin();
    } catch (DamagedKeyFileException e) {
      throw reported(source, e);
    }
  }

  private void moveOn(RunSource source) throws IOException {
    try {
      sources.moveFirst();
    } catch (DamagedKeyFileException e) {
      throw reported(source, e);
    }
  }

  private DamagedKeyFileException reported(RunSource source, DamagedKeyFileException damage) {
    keyFiles.reportDamage(source, damage);
    return damage;
  }

  /** The segment of the record. */
  Segment segment() {
    return segments[at];
  }

  /** Where it begins. */
  long offset() {
    return offsets[at];
  }

  /** Its location. */
  long location() {
    return Location.of(segments[at].fileNumber(), offsets[at]);
  }

  /** The hash of its key. */
  long hash() {
    return hashes[at];
  }

  /** How many dead records were passed. */
  long dead() {
    return dead;
  }

  /** How many bytes all records take that were passed. */
  long passedBytes() {
    return passedBytes;
  }
}
