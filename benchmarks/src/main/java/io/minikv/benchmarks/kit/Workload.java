package io.minikv.benchmarks.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The keys and values of a measurement, the same in every run and for every store. Key {@code i} is
 * the number {@code i}, scattered, in 16 hexadecimal digits, so that the order in which keys are
 * written is not their own. Values are random bytes, which nothing can compress.
 */
public final class Workload {

  private static final int SHORTEST_KEY = 16;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int POOL_BYTES = 1 << 20;

  private final int keyLength;
  private final int valueLength;
  private final byte[] pool = new byte[POOL_BYTES];

  public Workload(int keyLength, int valueLength) {
    if (keyLength < SHORTEST_KEY || valueLength > POOL_BYTES / 2) {
      throw new IllegalArgumentException("Keys have at least 16 bytes, values at most 512 KiB.");
    }
    this.keyLength = keyLength;
    this.valueLength = valueLength;
    new SplittableRandom(1).nextBytes(pool);
  }

  /** The key of a number; those of different numbers differ. */
  public byte[] key(long number) {
    byte[] key = new byte[keyLength];
    key(number, key);
    return key;
  }

  /** Writes the key of a number into an array of the length of a key. */
  public void key(long number, byte[] key) {
    long rest = mix(number);
    for (int i = SHORTEST_KEY - 1; i >= 0; i--) {
      key[i] = DIGITS[(int) rest & 0xF];
      rest >>>= 4;
    }
    if (key.length > SHORTEST_KEY) {
      Arrays.fill(key, SHORTEST_KEY, key.length, (byte) 'k');
    }
  }

  /** A value; the same for the same two numbers. */
  public byte[] value(long number, int round) {
    int from = (int) (mix(number * 31 + round) >>> 1) & (POOL_BYTES / 2 - 1);
    return Arrays.copyOfRange(pool, from, from + valueLength);
  }

  /** The bytes of one entry. */
  public long entryBytes() {
    return (long) keyLength + valueLength;
  }

  /** The finalizer of SplitMix64, a bijection: no two numbers get the same key. */
  public static long mix(long number) {
    long mixed = number * GOLDEN_GAMMA;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
