package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.engine.format.KeyEntry;

/** A run in memory. */
final class SortedRun implements KeyRun {

  private final byte[][] chunks;
  private final int[] numbers;

  /** Sorted numbers of entries, and the arrays that hold those. */
  SortedRun(byte[][] chunks, int[] numbers) {
    this.chunks = chunks;
    this.numbers = numbers;
  }

  @Override
  public long entries() {
    return numbers.length;
  }

  @Override
  public Key first() {
    return key(0);
  }

  @Override
  public Key last() {
    return key(numbers.length - 1);
  }

  private Key key(int index) {
    byte[] bytes = KeyArena.chunk(chunks, numbers[index]);
    int at = KeyArena.place(numbers[index]);
    return Key.copyOf(bytes, KeyEntry.keyAt(at), KeyEntry.keyLength(bytes, at));
  }

  @Override
  public KeyCursor cursor() {
    return new Cursor();
  }

  private int compare(int index, byte[] key) {
    int number = numbers[index];
    return KeyEntry.compareKey(KeyArena.chunk(chunks, number), KeyArena.place(number), key);
  }

  /** How many entries have a key below, or where {@code orSame}, not above. */
  private int below(byte[] key, boolean orSame) {
    int low = 0;
    int high = numbers.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, key);
      if (order < 0 || (orSame && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A cursor over it. */
  private final class Cursor extends KeyCursor {

    private int index;

    private boolean moveTo(int newIndex) {
      index = newIndex;
      if (index < 0 || index >= numbers.length) {
        return false;
      }
      int number = numbers[index];
      return show(KeyArena.chunk(chunks, number), KeyArena.place(number));
    }

    @Override
    public boolean last() {
      return moveTo(numbers.length - 1);
    }

    @Override
    public boolean seek(byte[] key) {
      return moveTo(below(key, false));
    }

    @Override
    public boolean seekLast(byte[] key) {
      return moveTo(below(key, true) - 1);
    }

    @Override
    public boolean next() {
      return moveTo(index + 1);
    }

    @Override
    public boolean previous() {
      return moveTo(index - 1);
    }
  }
}
