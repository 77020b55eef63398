package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.threads.Breather;
import java.util.Arrays;

/**
 * Sorts entries of an arena: by key, then the highest sequence number first. A merge sort of their
 * numbers (Knuth, The Art of Computer Programming, volume 3, 5.2.4), in which eight bytes of each
 * key, behind what all keys have in common, mostly decide without a look at the key. For one
 * thread.
 */
final class KeyOrder {

  /** So few entries are sorted by insertion. */
  private static final int FEW = 12;

  private final byte[][] chunks;
  private final KeyEntry left = new KeyEntry();
  private final KeyEntry right = new KeyEntry();
  private final Breather breather;
  private int commonLength;

  KeyOrder(byte[][] chunks, Breather breather) {
    this.chunks = chunks;
    this.breather = breather;
  }

  /** Sorts numbers of entries in place. */
  void sort(int[] numbers) {
    commonLength = commonLength(numbers);
    long[] prefixes = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      prefixes[i] = prefix(numbers[i]);
    }
    sort(prefixes, numbers, prefixes.clone(), numbers.clone(), 0, numbers.length);
  }

  private int commonLength(int[] numbers) {
    if (numbers.length == 0) {
      return 0;
    }
    byte[] first = KeyArena.chunk(chunks, numbers[0]);
    int firstAt = KeyArena.place(numbers[0]);
    int common = KeyEntry.keyLength(first, firstAt);
    int firstKey = KeyEntry.keyAt(firstAt);
    for (int number : numbers) {
      byte[] other = KeyArena.chunk(chunks, number);
      int at = KeyArena.place(number);
      int length = Math.min(common, KeyEntry.keyLength(other, at));
      int key = KeyEntry.keyAt(at);
      int mismatch = Arrays.mismatch(first, firstKey, firstKey + length, other, key, key + length);
      common = mismatch < 0 ? length : mismatch;
    }
    return common;
  }

  /** The eight bytes behind the common ones, the first one the highest; zeros behind the key. */
  private long prefix(int number) {
    byte[] bytes = KeyArena.chunk(chunks, number);
    int at = KeyArena.place(number);
    int from = KeyEntry.keyAt(at) + commonLength;
    int length = KeyEntry.keyLength(bytes, at) - commonLength;
    if (length >= Long.BYTES) {
      return Long.reverseBytes(LittleEndian.getLong(bytes, from));
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[from + i] & 0xFFL) << ((Long.BYTES - 1 - i) * Byte.SIZE);
    }
    return prefix;
  }

  /** Sorts a part; the copies hold the same as the originals there. */
  private void sort(
      long[] prefixes, int[] numbers, long[] prefixCopy, int[] numberCopy, int from, int to) {
    if (to - from <= FEW) {
      insert(prefixes, numbers, from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(prefixCopy, numberCopy, prefixes, numbers, from, middle);
    sort(prefixCopy, numberCopy, prefixes, numbers, middle, to);
    if (!isAfter(prefixCopy, numberCopy, middle - 1, middle)) { // As what a compaction wrote is.
      System.arraycopy(prefixCopy, from, prefixes, from, to - from);
      System.arraycopy(numberCopy, from, numbers, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takesLeft =
          right == to || (left < middle && !isAfter(prefixCopy, numberCopy, left, right));
      int taken = takesLeft ? left++ : right++;
      prefixes[at] = prefixCopy[taken];
      numbers[at] = numberCopy[taken];
      breather.breathe();
    }
  }

  private void insert(long[] prefixes, int[] numbers, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      for (int at = i; at > from && isAfter(prefixes, numbers, at - 1, at); at--) {
        long prefix = prefixes[at];
        prefixes[at] = prefixes[at - 1];
        prefixes[at - 1] = prefix;
        int number = numbers[at];
        numbers[at] = numbers[at - 1];
        numbers[at - 1] = number;
      }
    }
  }

  private boolean isAfter(long[] prefixes, int[] numbers, int a, int b) {
    int order = Long.compareUnsigned(prefixes[a], prefixes[b]);
    return order != 0 ? order > 0 : compare(numbers[a], numbers[b]) > 0;
  }

  /** The order of two entries. */
  private int compare(int a, int b) {
    byte[] aBytes = KeyArena.chunk(chunks, a);
    byte[] bBytes = KeyArena.chunk(chunks, b);
    int order = KeyEntry.compareKeys(aBytes, KeyArena.place(a), bBytes, KeyArena.place(b));
    if (order != 0) {
      return order;
    }
    left.decode(aBytes, KeyArena.place(a));
    right.decode(bBytes, KeyArena.place(b));
    return Long.compare(right.sequence(), left.sequence());
  }
}
