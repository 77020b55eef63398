package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Workload;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The entries of a comparison. Their values are few arrays of random bytes, made beforehand, so
 * that nothing is measured but the store; which one a key has follows from the key, so that every
 * value that is read can be checked.
 */
final class Entries {

  /** How often a value of a key can change. */
  static final int VERSIONS = 2;

  private static final int MOST_POOL_BYTES = 256 << 10;
  private static final int MOST_SLOTS = 1 << 10;

  private final int keyBytes;
  private final int valueBytes;
  private final Workload workload;
  private final byte[][][] values;
  private final int mask;

  Entries(int keyBytes, int valueBytes) {
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
    this.workload = new Workload(keyBytes, valueBytes);
    int slots = Math.clamp(MOST_POOL_BYTES / Math.max(1, valueBytes), 2, MOST_SLOTS);
    this.mask = Integer.highestOneBit(slots) - 1;
    this.values = new byte[VERSIONS][mask + 1][valueBytes];
    SplittableRandom random = new SplittableRandom(1);
    for (byte[][] version : values) {
      for (byte[] value : version) {
        random.nextBytes(value);
      }
    }
  }

  int keyBytes() {
    return keyBytes;
  }

  int valueBytes() {
    return valueBytes;
  }

  /** Writes the key of a number. */
  void key(long number, byte[] into) {
    workload.key(number, into);
  }

  /** The value of a key; nobody changes it. */
  byte[] value(byte[] key, int version) {
    return values[version][slot(key)];
  }

  /** Whether a value is one that a key has had. */
  boolean isValue(byte[] key, byte[] value, int length) {
    int slot = slot(key);
    for (byte[][] version : values) {
      if (Arrays.equals(version[slot], 0, valueBytes, value, 0, length)) {
        return true;
      }
    }
    return false;
  }

  /** By the last three of the digits that make keys different. */
  private int slot(byte[] key) {
    return ((key[13] * 31 + key[14]) * 31 + key[15]) & mask;
  }
}
