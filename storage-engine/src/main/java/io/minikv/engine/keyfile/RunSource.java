package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cursor over one run of a merge, with what the merge compares most. For one thread. */
public final class RunSource {

  private final @Nullable Segment[] segments;
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
    this(new Segment[] {segment}, run, forwards);
  }

  /**
   * Without a position.
   *
   * @param segments those whose records the run tells of, in its order; nothing in place of those
   *     whose records are passed over
   */
  RunSource(@Nullable Segment[] segments, KeyRun run, boolean forwards) throws IOException {
    this.segments = segments;
    this.run = run;
    this.cursor = run.cursor();
    this.forwards = forwards;
  }

  /** The segment of the record at the position. */
  public Segment segment() {
    Segment segment = segments[cursor.entry().place()];
    if (segment == null) {
      throw new IllegalStateException("the source is not at a record");
    }
    return segment;
  }

  /** The segment of a run that tells of one only. */
  Segment onlySegment() {
    return Objects.requireNonNull(segments[0]);
  }

  /** The run. */
  public KeyRun run() {
    return run;
  }

  /** The entry at the position; it changes with the next move, but not the bytes that it shows. */
  public KeyEntry entry() {
    return cursor.entry();
  }

  /** The first eight bytes of its key, as {@link KeyEntry#keyPrefix} tells them. */
  public long prefix() {
    return prefix;
  }

  /** Moves to the outermost entry; false when there is none. */
  public boolean begin() throws IOException {
    return note(pass(forwards ? cursor.first() : cursor.last()));
  }

  /**
   * Moves to the first entry in the direction that is not before a key, or with it; false when
   * there is none.
   */
  public boolean begin(byte[] key, boolean inclusive) throws IOException {
    boolean there = pass(forwards ? cursor.seek(key) : cursor.seekLast(key));
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
    return pass(forwards ? cursor.next() : cursor.previous());
  }

  /** Passes over records of segments that do not matter. */
  private boolean pass(boolean atEntry) throws IOException {
    boolean there = atEntry;
    while (there && segments[cursor.entry().place()] == null) {
      there = forwards ? cursor.next() : cursor.previous();
    }
    return there;
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
