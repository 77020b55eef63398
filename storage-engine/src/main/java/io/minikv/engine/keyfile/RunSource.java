package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.segment.Segment;
import java.io.IOException;

/** A cursor over one run of a merge, with what the merge compares most. For one thread. */
public final class RunSource {

  private final Segment segment;
  private final KeyRun run;
  private final KeyCursor cursor;
  private final boolean forwards;

  /** The first eight bytes of the key at the position, as {@link KeyEntry#keyPrefix} tells them. */
  private long prefix;

  /**
   * Without a position.
   *
   * @param segment the one whose records the run tells of
   * @param forwards whether it moves to greater keys
   */
  public RunSource(Segment segment, KeyRun run, boolean forwards) throws IOException {
    this.segment = segment;
    this.run = run;
    this.cursor = run.cursor();
    this.forwards = forwards;
  }

  /** The segment whose records the run tells of. */
  public Segment segment() {
    return segment;
  }

  /** The run. */
  public KeyRun run() {
    return run;
  }

  /** The entry at the position; it changes with the next move. */
  public KeyEntry entry() {
    return cursor.entry();
  }

  /** The first eight bytes of its key, as {@link KeyEntry#keyPrefix} tells them. */
  public long prefix() {
    return prefix;
  }

  /** Moves to the outermost entry; false when there is none. */
  public boolean begin() throws IOException {
    return note(forwards ? cursor.first() : cursor.last());
  }

  /**
   * Moves to the first entry in the direction that is not before a key, or with it; false when
   * there is none.
   */
  public boolean begin(byte[] key, boolean inclusive) throws IOException {
    boolean there = forwards ? cursor.seek(key) : cursor.seekLast(key);
    while (there && !inclusive && KeyEntry.compareKey(entry().bytes(), entry().at(), key) == 0) {
      there = step();
    }
    return note(there);
  }

  /** Moves on; false at the end. */
  boolean move() throws IOException {
    return note(step());
  }

  private boolean step() throws IOException {
    return forwards ? cursor.next() : cursor.previous();
  }

  private boolean note(boolean there) {
    if (there) {
      prefix = cursor.entry().keyPrefix();
    }
    return there;
  }

  /** Whether the merge takes this source before another one, or either. */
  boolean isBefore(RunSource other) {
    int order = Long.compareUnsigned(prefix, other.prefix);
    if (order == 0) {
      order =
          KeyEntry.compareKeys(
              entry().bytes(), entry().at(), other.entry().bytes(), other.entry().at());
    }
    return forwards ? order <= 0 : order >= 0;
  }
}
