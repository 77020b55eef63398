package io.minikv.engine.index;

import java.io.IOException;

/**
 * A map from key to location that knows keys only by their hash; whether an entry is that of a key,
 * its record tells.
 *
 * <p>Any number of threads may look up while one changes. A lookup sees all changes that happened
 * before it, and takes no lock.
 */
public interface Index {

  /** No location. */
  long NONE = 0;

  /**
   * The location of the entry of a hash that the matcher accepts. Never misses an entry that is
   * there all the time, and never asks about one that never was.
   *
   * @param matcher is asked about each entry of that hash, in no order; about one that is moved
   *     meanwhile perhaps twice
   * @return {@link #NONE} when it accepts none
   */
  long find(long hash, Matcher matcher) throws IOException;

  /**
   * Whether there is an entry of that hash at that location. To be called by the one who changes.
   */
  boolean contains(long hash, long location);

  /** Whether there is any entry of that hash. To be called by the one who changes. */
  boolean containsAny(long hash);

  /**
   * Adds an entry. There must be none of the same key.
   *
   * @param location not {@link #NONE}, and not negative
   */
  void add(long hash, long location);

  /**
   * Gives an entry another location.
   *
   * @return false when there is no entry of that hash at {@code from}: another change came before
   */
  boolean replace(long hash, long from, long to);

  /**
   * Removes an entry.
   *
   * @return false when there is no entry of that hash at {@code location}: another change came
   *     before
   */
  boolean remove(long hash, long location);

  /** How many entries there are. */
  long size();

  /** How many bytes of memory it takes. */
  long memoryBytes();

  /** The locations of all entries, in no order. To be called by the one who changes. */
  long[] locations();

  /**
   * Begins a copy of all entries as of now; until {@link #endCopy} each change costs a little more.
   * To be called by the one who changes, for one copy at a time.
   */
  IndexCopy beginCopy();

  /** Ends the copy that was begun last, complete or not. To be called by the one who changes. */
  void endCopy();

  /**
   * Brings the memory near in which some hashes are looked up, all at once, for lookups that
   * follow. To be called by one thread at a time.
   */
  void touch(long[] hashes, int from, int to);

  /** Into how many parts the hashes are divided, evenly and in their order as unsigned numbers. */
  int shards();

  /** The part that a hash belongs to, from 0 on. */
  int shardOf(long hash);

  /**
   * Fills a part that is empty. Threads may fill different parts at the same time, before anybody
   * looks up or changes.
   *
   * @param pairs hash and location of each entry in turn, in the order of the hashes
   * @param count how many entries
   */
  void load(int shard, long[] pairs, int count);

  /** Tells whether the record at a location has the key that is looked for. */
  @FunctionalInterface
  interface Matcher {

    /** Whether the record has the key. */
    boolean matches(long location) throws IOException;
  }
}
