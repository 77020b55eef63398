package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import java.util.Arrays;

/**
 * A part of every sixteenth key of a sorted run, close together in memory: a search that begins
 * there touches a few places of the run itself, not one for each halving. The part is the eight
 * bytes behind those that all keys begin with, as {@link KeyEntry#prefix} tells them. Takes half a
 * byte an entry.
 */
final class Fences {

  private static final int STEP_BITS = 4;

  private final int entries;

  /** What all keys begin with. */
  private final byte[] common;

  private final long[] prefixes;

  /** Of the entries of a run, which have those numbers. */
  Fences(byte[][] chunks, int[] numbers) {
    this.entries = numbers.length;
    this.common = entries == 0 ? new byte[0] : common(chunks, numbers[0], numbers[entries - 1]);
    this.prefixes = new long[(entries + (1 << STEP_BITS) - 1) >>> STEP_BITS];
    for (int i = 0; i < prefixes.length; i++) {
      int number = numbers[i << STEP_BITS];
      byte[] bytes = KeyArena.chunk(chunks, number);
      int at = KeyArena.place(number);
      prefixes[i] =
          KeyEntry.prefix(
              bytes,
              KeyEntry.keyAt(at) + common.length,
              KeyEntry.keyLength(bytes, at) - common.length);
    }
  }

  /** As the run is sorted, what its first and its last key begin with. */
  private static byte[] common(byte[][] chunks, int first, int last) {
    byte[] a = KeyArena.chunk(chunks, first);
    byte[] b = KeyArena.chunk(chunks, last);
    int aFrom = KeyEntry.keyAt(KeyArena.place(first));
    int bFrom = KeyEntry.keyAt(KeyArena.place(last));
    int aLength = KeyEntry.keyLength(a, KeyArena.place(first));
    int bLength = KeyEntry.keyLength(b, KeyArena.place(last));
    int different = Arrays.mismatch(a, aFrom, aFrom + aLength, b, bFrom, bFrom + bLength);
    int length = different < 0 ? aLength : different;
    return Arrays.copyOfRange(a, aFrom, aFrom + length);
  }

  /** How many of the first entries certainly have a key below this one. */
  int below(byte[] key) {
    return isComparable(key) ? Math.max(0, ((fences(key, false) - 1) << STEP_BITS) + 1) : 0;
  }

  /** Behind how many of the first entries all keys are certainly above this one. */
  int notAbove(byte[] key) {
    return isComparable(key) ? Math.min(entries, fences(key, true) << STEP_BITS) : entries;
  }

  private boolean isComparable(byte[] key) {
    return key.length >= common.length
        && Arrays.equals(key, 0, common.length, common, 0, common.length);
  }

  /** How many fences are below that of a key, or where {@code orSame}, not above. */
  private int fences(byte[] key, boolean orSame) {
    long prefix = KeyEntry.prefix(key, common.length, key.length - common.length);
    int low = 0;
    int high = prefixes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(prefixes[middle], prefix);
      if (order < 0 || (orSame && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
