package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.threads.Breather;
import java.io.IOException;

/** A run in memory. */
final class SortedRun implements KeyRun {

  /** Without entries. */
  static final SortedRun EMPTY = new SortedRun(new byte[0][], new int[0]);

  private final byte[][] chunks;
  private final int[] numbers;
  private final Fences fences;

  /** Sorted numbers of entries, and the arrays that hold those. */
  SortedRun(byte[][] chunks, int[] numbers) {
    this.chunks = chunks;
    this.numbers = numbers;
    this.fences = new Fences(chunks, numbers);
  }

  /** The same entries, each behind the one before it, so that who reads on finds them near. */
  SortedRun packed() throws IOException {
    return mergedWith(EMPTY, Breather.restless());
  }

  /** The entries of both, packed. */
  SortedRun mergedWith(SortedRun other, Breather breather) throws IOException {
    KeyArena arena = new KeyArena();
    int[] merged = new int[numbers.length + other.numbers.length];
    Cursor left = new Cursor();
    Cursor right = other.new Cursor();
    boolean leftThere = left.first();
    boolean rightThere = right.first();
    for (int at = 0; at < merged.length; at++) {
      if (!rightThere || (leftThere && left.entry().order(right.entry()) < 0)) {
        merged[at] = arena.add(left.entry());
        leftThere = left.next();
      } else {
        merged[at] = arena.add(right.entry());
        rightThere = right.next();
      }
      breather.breathe();
    }
    return new SortedRun(arena.chunks(), merged);
  }

  /** All entries, to be written. */
  EntrySource inOrder() {
    Cursor cursor = new Cursor();
    cursor.index = -1;
    return () -> cursor.next() ? cursor.entry() : null;
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
    int low = fences.below(key);
    int high = fences.notAbove(key);
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
