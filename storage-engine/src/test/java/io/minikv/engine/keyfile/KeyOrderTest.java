package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries are sorted by key, the newest one first, whatever order they were added in. */
class KeyOrderTest {

  private static final long SEED = 11;

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "2, 1, 3", "12, 3, 4", "13, 3, 4", "2000, 300, 12", "60, 20, 60000"})
  void entries_come_in_order_from_any_other_order(int writes, int keys, int keyLength)
      throws IOException {
    Random random = new Random(SEED);
    WrittenSegment written = new WrittenSegment(new SimulatedDisk());
    written.writeAtRandom(random, writes, keys, keyLength);
    SortedRun sorted = written.sorted();
    KeyArena arena = new KeyArena();
    List<Integer> added = new ArrayList<>();
    KeyCursor cursor = sorted.cursor();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      added.add(arena.add(cursor.entry()));
    }
    Collections.shuffle(added, random);
    int[] numbers = added.stream().mapToInt(Integer::intValue).toArray();

    new KeyOrder(arena.chunks(), Breather.restless()).sort(numbers);

    assertThat(WrittenSegment.forwards(new SortedRun(arena.chunks(), numbers)))
        .isEqualTo(written.inOrder());
  }
}
