package io.minikv.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many bytes of heap an operation takes, of the thread that calls it: a measure of the work on
 * the path of reads and writes that does not depend on the clock or on other work of the machine.
 *
 * <p>The limits leave some room above what is measured; one that is broken has to be looked at, not
 * raised.
 */
class AllocationTest {

  private static final int KEYS = 2_000;
  private static final int OPERATIONS = 10_000;
  private static final int PASSES = 10;
  private static final int SCAN_LENGTH = 100;
  private static final int VALUE_BYTES = 100;

  private static final int HIT = 570;
  private static final int READ = 30;
  private static final int MISS = 20;
  private static final int EXISTS = 320;
  private static final int OVERWRITE = 1_110;
  private static final int SCANNED_ENTRY = 370;
  private static final int SCANNED_ENTRY_INTO_ARRAYS = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path directory;

  private final Key[] present = new Key[KEYS];
  private final Key[] absent = new Key[KEYS];
  private final Value value = Value.wrap(new byte[VALUE_BYTES]);
  private SegmentedStore store;
  private long sink;

  @BeforeEach
  void fill() {
    store = SegmentedStore.open(directory, EngineOptions.DEFAULT.withDurability(Durability.OS));
    for (int i = 0; i < KEYS; i++) {
      present[i] = Key.of("present-%08d".formatted(i));
      absent[i] = Key.of("absent-%09d".formatted(i));
      store.put(present[i], value);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_hit_allocates_little_beside_the_value() {
    check("hit", HIT, i -> sink += store.get(present[i % KEYS]).orElseThrow().value().length());
  }

  @Test
  void a_hit_that_is_read_into_an_array_allocates_neither_the_value_nor_an_entry() {
    byte[] target = new byte[VALUE_BYTES];
    check("read", READ, i -> sink += store.read(present[i % KEYS], target));
  }

  @Test
  void a_miss_allocates_next_to_nothing() {
    check("miss", MISS, i -> sink += store.get(absent[i % KEYS]).isPresent() ? 1 : 0);
  }

  @Test
  void a_look_whether_a_key_exists_allocates_no_value() {
    check("exists", EXISTS, i -> sink += store.exists(present[i % KEYS]) ? 1 : 0);
  }

  @Test
  void an_overwriting_put_allocates_little_beside_its_frame() {
    check("overwrite", OVERWRITE, i -> store.put(present[i % KEYS], value));
  }

  @Test
  void a_scan_allocates_little_beside_keys_and_values() {
    check(
        "entry of a scan",
        SCANNED_ENTRY,
        perScannedEntry(cursor -> cursor.key().length() + cursor.value().length()));
  }

  @Test
  void a_scan_into_arrays_of_the_caller_allocates_less() {
    byte[] key = new byte[16];
    byte[] target = new byte[VALUE_BYTES];
    check(
        "entry of a scan into arrays",
        SCANNED_ENTRY_INTO_ARRAYS,
        perScannedEntry(cursor -> cursor.readKey(key) + cursor.readValue(target)));
  }

  private double perScannedEntry(ToIntFunction<Cursor> reading) {
    ScanOptions options = ScanOptions.DEFAULT.limitedTo(SCAN_LENGTH);
    double perScan =
        bytesPerOperation(
            OPERATIONS / SCAN_LENGTH * 10,
            i -> {
              KeyRange range = KeyRange.from(present[i % (KEYS - SCAN_LENGTH)]);
              try (Cursor cursor = store.scan(range, options)) {
                while (cursor.next()) {
                  sink += reading.applyAsInt(cursor);
                }
              }
            });
    return perScan / SCAN_LENGTH;
  }

  private void check(String what, int limit, IntConsumer operation) {
    check(what, limit, bytesPerOperation(OPERATIONS, operation));
  }

  private void check(String what, int limit, double bytes) {
    System.out.printf("allocation: %s, %.1f bytes (limit %d)%n", what, bytes, limit);
    assertThat(bytes).as("bytes allocated: " + what).isBetween(0.0, (double) limit);
    assertThat(sink).isNotNegative();
  }

  /**
   * The least of several passes: what is left when the compiler has put on the stack what it could,
   * and nothing is due that one of many operations has to do for all.
   */
  private static double bytesPerOperation(int operations, IntConsumer operation) {
    long least = Long.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < operations; i++) {
        operation.accept(i);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return (double) least / operations;
  }
}
