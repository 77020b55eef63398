package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import java.io.IOException;

/**
 * A position among the entries of a run, which are ordered by key, then the highest sequence number
 * first. For one thread.
 *
 * <p>A move that returns false leaves no position; only {@link #seek} and the like may follow.
 * Every move throws {@link DamagedKeyFileException} when the file is damaged there, and {@link
 * io.minikv.engine.io.MappingClosedException} when its segment was closed.
 */
public abstract class KeyCursor {

  private static final byte[] BEFORE_ALL = {};

  private final KeyEntry entry = new KeyEntry();

  KeyCursor() {}

  /** The entry at the position; it changes with the next move, but not the bytes that it shows. */
  public final KeyEntry entry() {
    return entry;
  }

  /** Shows an entry. */
  final boolean show(byte[] bytes, int at) {
    entry.decode(bytes, at);
    return true;
  }

  /** Moves to the first entry. */
  public final boolean first() throws IOException {
    return seek(BEFORE_ALL);
  }

  /** Moves to the last entry. */
  public abstract boolean last() throws IOException;

  /** Moves to the first entry whose key is not below this one. */
  public abstract boolean seek(byte[] key) throws IOException;

  /** Moves to the last entry whose key is not above this one. */
  public abstract boolean seekLast(byte[] key) throws IOException;

  /** Moves to the entry behind. */
  public abstract boolean next() throws IOException;

  /** Moves to the entry before. */
  public abstract boolean previous() throws IOException;
}
