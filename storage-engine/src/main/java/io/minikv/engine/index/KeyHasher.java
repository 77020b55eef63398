package io.minikv.engine.index;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.minikv.domain.Key;

/**
 * The keyed hash of keys: XXH3 with the store's seed, so that nobody outside can choose keys that
 * collide. Thread-safe.
 */
public final class KeyHasher {

  private static final ByteAccess<Key> KEY_BYTES = new KeyBytes();

  private final Hasher64 hasher;

  /** With the seed of the store. */
  public KeyHasher(long seed) {
    this.hasher = Hashing.xxh3_64(seed);
  }

  /** The hash of a key. */
  public long hash(Key key) {
    return hasher.hashBytesToLong(key, 0, key.length(), KEY_BYTES);
  }

  /** The hash of the key in {@code length} bytes from {@code from} on. */
  public long hash(byte[] bytes, int from, int length) {
    return hasher.hashBytesToLong(bytes, from, length);
  }

  /** The bytes of a key where they lie. */
  private static final class KeyBytes implements ByteAccess<Key> {

    @Override
    public byte getByte(Key key, long index) {
      return key.byteAt((int) index);
    }

    @Override
    public int getInt(Key key, long index) {
      return key.intAt((int) index);
    }

    @Override
    public long getLong(Key key, long index) {
      return key.longAt((int) index);
    }
  }
}
