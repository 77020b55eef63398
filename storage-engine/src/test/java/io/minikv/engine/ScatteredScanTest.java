package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Cursor;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scans pay for values in the order of the keys. */
@Timeout(60)
class ScatteredScanTest {

  private static final int KEYS = 300;
  private static final int MANY_SCANS = 200;
  private static final String FILLER = "x".repeat(150);

  /** No number of segments is enough to give space back. */
  private static final CompactionOptions FOR_ORDER_ONLY =
      CompactionOptions.ON_DEMAND.withThreshold(1_000);

  private final SegmentedStore store =
      SegmentedStore.open(
          new SimulatedDisk(),
          Stores.SMALL_SEGMENTS.withSegmentBytes(16 << 10).withCompaction(FOR_ORDER_ONLY),
          EngineThreads.NONE);

  @AfterEach
  void close() {
    store.close();
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add("key-" + (1_000 + i));
    }
    return keys;
  }

  private void loadShuffled() {
    List<String> shuffled = keys();
    Collections.shuffle(shuffled, new Random(7));
    shuffled.forEach(key -> put(store, key, FILLER + key));
  }

  private void scan(ScanOptions options, int times) {
    for (int i = 0; i < times; i++) {
      List<String> found = new ArrayList<>();
      try (Cursor cursor = store.scan(KeyRange.all(), options)) {
        while (cursor.next()) {
          found.add(cursor.key().utf8());
          if (options.projection() != ScanOptions.Projection.KEYS) {
            assertThat(cursor.value().utf8()).isEqualTo(FILLER + cursor.key().utf8());
          }
        }
      }
      assertThat(found).isEqualTo(keys());
    }
  }

  @Test
  void scans_pay_for_a_compaction_of_what_lies_in_the_order_of_the_writes() {
    loadShuffled();
    assertThat(store.compactDue()).as("nobody has scanned").isEmpty();
    scan(ScanOptions.DEFAULT, MANY_SCANS);

    CompactionReport report = store.compactDue().orElseThrow();

    assertThat(report.movedRecords()).isEqualTo(KEYS);
    assertThat(report.droppedRecords()).isZero();
    scan(ScanOptions.DEFAULT, 2 * MANY_SCANS);
    assertThat(store.compactDue()).as("nothing is scattered any more").isEmpty();
  }

  @Test
  void a_group_is_paid_for_by_as_many_reads_as_its_bytes_cost() {
    loadShuffled();
    int scans = 0;
    Optional<CompactionReport> report = Optional.empty();
    while (report.isEmpty()) {
      scan(ScanOptions.DEFAULT, 1);
      scans++;
      report = store.compactDue();
    }

    // Of each scan less than its 300 values were scattered, and each pays for 16 bytes.
    assertThat(report.orElseThrow().bytesAfter()).isLessThan(scans * 300L * 16);
    assertThat(report.orElseThrow().movedRecords()).isLessThan(KEYS);
  }

  @Test
  void what_was_put_in_the_order_of_its_keys_stays_where_it_is() {
    keys().forEach(key -> put(store, key, FILLER + key));
    scan(ScanOptions.DEFAULT, MANY_SCANS);

    assertThat(store.compactDue()).isEmpty();
  }

  @Test
  void scans_of_keys_pay_for_nothing() {
    loadShuffled();
    scan(ScanOptions.DEFAULT.keysOnly(), MANY_SCANS);

    assertThat(store.compactDue()).isEmpty();
  }
}
