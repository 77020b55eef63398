package io.minikv.engine;

import java.util.List;

/** Mistakes in the index and in what is looked up before the lock. */
final class IndexMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "moves entries of the index back when another one is removed",
              "RACE",
              "index/Shard.java",
              "    freeEndOfRun(current, at);\n",
              """
                  long[] slots = current.numbers;
                  for (int i = at;
                      i + 3 < current.end
                          && slots[i + 3] > 0
                          && current.home(~slots[i + 2]) <= i;
                      i += SLOT_LENGTH) {
                    set(slots, i, slots[i + 2], slots[i + 3]);
                    SLOT.setRelease(slots, i + 3, REMOVED);
                  }
              """),
          new Mutant(
              "lets a reader take a location with the hash of another entry",
              "RACE",
              "index/Table.java",
              "            && (long) SLOT.getAcquire(numbers, at) == word\n",
              ""),
          new Mutant(
              "publishes a table of the index before it is complete",
              "RACE",
              "index/Shard.java",
              "    int at = first;\n",
              "    int at = first;\n    space.publish(number, built);\n"),
          new Mutant(
              "uses the place of a table again that readers may still be in",
              "RACE",
              "index/Shard.java",
              "    if (replaced.slab != null) {\n",
              """
                  java.util.Arrays.fill(replaced.numbers, replaced.from, replaced.end, 0L);
                  if (replaced.slab != null) {
              """),
          new Mutant(
              "takes what was looked up before the lock for what is there under it",
              "WRITERS",
              "commit/WriteSequencer.java",
              "item.isLookedUpAhead() && table.isCurrent(item.hash(), item.ahead())",
              "item.isLookedUpAhead()"));

  private IndexMutants() {}
}
