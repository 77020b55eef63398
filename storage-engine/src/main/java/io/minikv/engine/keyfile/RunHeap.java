package io.minikv.engine.keyfile;

import java.io.IOException;
import java.util.Arrays;

/**
 * The sources of a merge, the one that comes first at the top of a heap (Knuth, The Art of Computer
 * Programming, volume 3, 5.4.1). Sources at the same key come in any order. For one thread.
 */
public final class RunHeap {

  private RunSource[] sources = new RunSource[4];
  private int size;

  /** Whether no source is left. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The source that comes first; there must be one. */
  public RunSource first() {
    return sources[0];
  }

  /** Leaves all sources out. */
  public void clear() {
    size = 0;
  }

  /** Adds a source that has a position. */
  public void add(RunSource source) {
    if (size == sources.length) {
      sources = Arrays.copyOf(sources, 2 * size);
    }
    int at = size++;
    while (at > 0 && !sources[(at - 1) >>> 1].isBefore(source)) {
      sources[at] = sources[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    sources[at] = source;
  }

  /**
   * Moves the first source on, and leaves it out when it is at its end.
   *
   * @throws IOException when its run cannot be read; the heap is of no use then
   */
  public void moveFirst() throws IOException {
    RunSource first = sources[0];
    if (!first.move()) {
      first = sources[--size];
    }
    siftDown(first);
  }

  private void siftDown(RunSource source) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && sources[child + 1].isBefore(sources[child])) {
        child++;
      }
      if (source.isBefore(sources[child])) {
        break;
      }
      sources[at] = sources[child];
      at = child;
    }
    sources[at] = source;
  }
}
