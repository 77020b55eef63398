package io.minikv.engine.index;

import java.io.IOException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * An index as a store uses it: one changes at a time, anybody looks up. Keys stand so close that
 * they push each other from slot to slot, two have the same hash each, and the first ones the
 * greatest hash there is. Locations are a number and, as in a record, the key.
 *
 * <p>Lincheck makes an object for each run, and calls it from several threads.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:6")
@Param(name = "number", gen = IntGen.class, conf = "1:9")
public abstract class IndexOperations {

  /** There from the beginning, each with itself as its number. */
  static final int FIRST_KEYS = 5;

  private static final int KEYS = 16;

  private final Table table;

  /** What an {@link Index} and its parts have in common. */
  interface Table {

    long find(long hash, Index.Matcher matcher) throws IOException;

    void add(long hash, long location);

    boolean replace(long hash, long from, long to);

    boolean remove(long hash, long location);
  }

  IndexOperations(Table table) {
    this.table = table;
    for (int key = 1; key <= FIRST_KEYS; key++) {
      table.add(hash(key), location(key, key));
    }
  }

  /** The number under a key, or 0. */
  @Operation
  public long get(@Param(name = "key") int key) throws IOException {
    return find(key) / KEYS;
  }

  /** A write; returns what there was. */
  @Operation(nonParallelGroup = "writer")
  public long put(@Param(name = "key") int key, @Param(name = "number") int number)
      throws IOException {
    long former = find(key);
    if (former == Index.NONE) {
      table.add(hash(key), location(key, number));
    } else {
      table.replace(hash(key), former, location(key, number));
    }
    return former / KEYS;
  }

  /** What a compaction does; returns what there was. */
  @Operation(nonParallelGroup = "writer")
  public long move(@Param(name = "key") int key, @Param(name = "number") int number)
      throws IOException {
    long former = find(key);
    if (former != Index.NONE) {
      table.replace(hash(key), former, location(key, number));
    }
    return former / KEYS;
  }

  /** A delete; returns what there was. */
  @Operation(nonParallelGroup = "writer")
  public long delete(@Param(name = "key") int key) throws IOException {
    long former = find(key);
    if (former != Index.NONE) {
      table.remove(hash(key), former);
    }
    return former / KEYS;
  }

  private long find(int key) throws IOException {
    return table.find(hash(key), location -> location % KEYS == key);
  }

  private static long hash(int key) {
    return -1L - key / 2;
  }

  private static long location(int key, int number) {
    return (long) number * KEYS + key;
  }
}
