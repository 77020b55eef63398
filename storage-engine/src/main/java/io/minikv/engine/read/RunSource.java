package io.minikv.engine.read;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.keyfile.KeyCursor;
import io.minikv.engine.keyfile.KeyRun;
import io.minikv.engine.segment.Segment;
import java.io.IOException;

/** A cursor over one run of a merge, with what the merge compares most. For one thread. */
final class RunSource {

  private final Segment segment;
  private final KeyRun run;
  private final KeyCursor cursor;
  private final boolean forwards;

  /** The first eight bytes of the key at the position, as {@link KeyEntry#keyPrefix} tells them. */
  private long prefix;

  RunSource(Segment segment, KeyRun run, boolean forwards) throws IOException {
    this.segment = segment;
    this.run = run;
    this.cursor = run.cursor();
    this.forwards = forwards;
  }

  Segment segment() {
    return segment;
  }

  KeyRun run() {
    return run;
  }

  KeyEntry entry() {
    return cursor.entry();
  }

  long prefix() {
    return prefix;
  }

  /** Moves to the outermost entry. */
  boolean begin() throws IOException {
    return note(forwards ? cursor.first() : cursor.last());
  }

  /** Moves to the first entry in the direction that is not before a key, or with it. */
  boolean begin(byte[] key, boolean inclusive) throws IOException {
    boolean there = forwards ? cursor.seek(key) : cursor.seekLast(key);
    while (there && !inclusive && KeyEntry.compareKey(entry().bytes(), entry().at(), key) == 0) {
      there = step();
    }
    return note(there);
  }

  /** Moves on. */
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

  /** Whether the entry at the position has a key, whose prefix is known. */
  boolean hasKey(FoundKey key) {
    return prefix == key.prefix() && key.isKeyOf(entry());
  }
}
