package io.minikv.engine.keyfile;

import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.filter.FilterSizing;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.threads.Breather;
import java.util.Arrays;

/**
 * The hashes of all keys of a run, which a filter is made of when it is known how many there are.
 * For one thread.
 */
final class FilterKeys {

  private final KeyHash hash;
  private final FilterSizing sizing;
  private long[] hashes = new long[1024];
  private int count;

  FilterKeys(KeyHash hash, FilterSizing sizing) {
    this.hash = hash;
    this.sizing = sizing;
  }

  /** Adds the key of the next entry, unless it is that of the one before. */
  void add(KeyEntry entry) {
    long ofKey = hash.hash(entry.bytes(), entry.keyAt(), entry.keyLength());
    if (count > 0 && hashes[count - 1] == ofKey) {
      return;
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    hashes[count++] = ofKey;
  }

  /** The shape of a filter for these keys. */
  FilterShape shape() {
    return sizing.shapeFor(count);
  }

  /** The bits of the filter. */
  byte[] bits(FilterShape shape, Breather breather) {
    byte[] bits = new byte[shape.length()];
    for (int i = 0; i < count; i++) {
      shape.add(bits, hashes[i]);
      breather.breathe();
    }
    return bits;
  }
}
