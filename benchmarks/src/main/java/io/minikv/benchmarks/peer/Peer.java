package io.minikv.benchmarks.peer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A store under measurement. Keys and values go in and come out as arrays of their own, so that
 * each store does the same work: what it returns stays valid when the store changes.
 *
 * <p>Thread-safe.
 */
public interface Peer extends AutoCloseable {

  /** Stores a value; it survives the end of the process, but not a power cut. */
  void put(byte[] key, byte[] value);

  /** The value of a key; nothing when there is none. */
  byte @Nullable [] get(byte[] key);

  /**
   * Reads entries from a key on, in key order, values included.
   *
   * @param count how many at the most
   * @return the sum of the lengths of keys and values
   */
  long scan(byte[] from, int count);

  @Override
  void close();

  /** The stores that can be measured. */
  enum Kind {
    /** This project's. */
    MINIKV {
      @Override
      public Peer open(Path directory) {
        return new MiniKvPeer(directory);
      }
    },
    /** A B+ tree in a mapped file. */
    LMDB {
      @Override
      public Peer open(Path directory) {
        return new LmdbPeer(directory);
      }
    },
    /** A log-structured merge tree. */
    ROCKSDB {
      @Override
      public Peer open(Path directory) {
        return new RocksDbPeer(directory);
      }
    };

    /** Opens the store in a directory that exists. */
    public abstract Peer open(Path directory);
  }
}
