package io.minikv.benchmarks.peer;

/**
 * A store under measurement. Thread-safe: each thread works through a session of its own.
 *
 * <p>All stores do the same work: what is put comes from arrays of the caller, and what is read
 * goes into arrays of the caller, in the way that is cheapest for a program that uses that store.
 */
public interface Peer extends AutoCloseable {

  /** A way in for one thread. To be closed before the store. */
  Session session();

  /**
   * Ends the store as a program would that has finished.
   *
   * <p>What was put is then on the file system.
   */
  @Override
  void close();

  /** A thread's way into a store. For one thread at a time. */
  interface Session extends AutoCloseable {

    /** What {@link #get} returns where there is no entry. */
    int ABSENT = -1;

    /**
     * Stores a value. How durable it then is, is set when the store is opened.
     *
     * @param key may be changed by the caller afterwards
     * @param value never changes
     */
    void put(byte[] key, byte[] value);

    /**
     * Reads the value of a key.
     *
     * @param into where the value goes; at least as long
     * @return its length, or {@link #ABSENT}
     */
    int get(byte[] key, byte[] into);

    /**
     * Reads entries from a key on, in the order of keys, values included.
     *
     * @param count how many at the most
     * @return how many there were
     * @throws UnsupportedOperationException when the store has no order
     */
    int scan(byte[] from, int count, Visitor visitor);

    @Override
    void close();
  }

  /** Sees the entries of a scan. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Sees one. The arrays are only valid meanwhile; the first bytes of them are the key and the
     * value.
     */
    void entry(byte[] key, int keyLength, byte[] value, int valueLength);
  }
}
