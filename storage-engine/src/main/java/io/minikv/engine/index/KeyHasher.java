package io.minikv.engine.index;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.minikv.domain.Key;

/**
 * The keyed hash of keys: XXH3 with the store's seed, so that nobody outside can choose keys that
 * collide. Thread-safe.
 */
public final class KeyHasher {

  private final Hasher64 hasher;

  /** With the seed of the store. */
  public KeyHasher(long seed) {
    this.hasher = Hashing.xxh3_64(seed);
  }

  /** The hash of a key. */
  public long hash(Key key) {
    return hasher.hashBytesToLong(key.toByteArray());
  }

  /** The hash of the key in {@code length} bytes from {@code from} on. */
  public long hash(byte[] bytes, int from, int length) {
    return hasher.hashBytesToLong(bytes, from, length);
  }
}
