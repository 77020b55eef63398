package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is copied because scans have paid for it, though it gives nothing back. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScatteredCompactionTest {

  private static final int LEAST_BYTES = 1_000;

  /** Of the value in a record of less than {@link #LEAST_BYTES}. */
  private static final int SHORT = 500;

  private static final int LONG = 2_000;

  private static final int MANY_READS = 1_000;

  private final ScatteredReads reads = new ScatteredReads(LEAST_BYTES, () -> {});
  private SmallStore store;
  private Compactor compactor;

  @BeforeEach
  void createStore() throws IOException {
    store = new SmallStore(new SimulatedDisk());
    // No number of segments is enough to give space back.
    CompactionSettings settings = new CompactionSettings(SmallStore.SEGMENT_BYTES, 1_000, 0.4, 0);
    compactor = store.compactor(settings, new WriterPace(1, () -> 0, _ -> {}), reads);
  }

  @Test
  void nothing_is_copied_that_was_not_paid_for() throws IOException {
    long bytes = store.put("b", LONG);
    store.roll();
    reads.add((bytes - 1) / 16);

    assertThat(compactor.compactDue()).isEmpty();
    reads.add(1);

    assertThat(compactor.compactDue()).isPresent();
  }

  @Test
  void what_was_paid_for_lies_in_the_order_of_its_keys() throws IOException {
    store.put("b", SHORT);
    store.put("a", SHORT);
    store.put("c", SHORT);
    store.roll();
    reads.add(MANY_READS);

    CompactionReport report = compactor.compactDue().orElseThrow();

    assertThat(report.movedRecords()).isEqualTo(3);
    assertThat(report.droppedRecords()).isZero();
    Segment copied = store.complete().getFirst();
    assertThat(copied.kind()).isEqualTo(SegmentHeader.Kind.COMPACTED);
    assertThat(copied.head(SegmentHeader.LENGTH).key().utf8()).isEqualTo("a");
    assertThat(store.holds("b")).isTrue();
  }

  @Test
  void it_is_not_copied_again_however_much_is_paid() throws IOException {
    store.put("a", LONG);
    store.roll();
    reads.add(MANY_READS);
    assertThat(compactor.compactDue()).isPresent();

    reads.add(MANY_READS);

    assertThat(compactor.compactDue()).isEmpty();
    assertThat(reads.isDue()).as("what was paid is void").isFalse();
  }

  @Test
  void the_segment_that_is_written_is_ended_for_it_when_it_is_worth_that() throws IOException {
    store.put("a", SHORT);
    reads.add(MANY_READS);
    assertThat(compactor.compactDue()).isEmpty();

    store.put("b", SHORT);
    reads.add(MANY_READS);

    assertThat(compactor.compactDue()).isPresent();
    assertThat(store.complete()).hasSize(1);
  }

  @Test
  void the_segment_that_is_written_goes_on_while_others_are_out_of_order() throws IOException {
    store.put("a", LONG);
    store.roll();
    store.put("b", SHORT);
    store.put("c", SHORT);
    reads.add((LONG + SHORT) / 16);

    assertThat(compactor.compactDue()).isPresent();

    assertThat(store.complete()).hasSize(1);
  }

  @Test
  void what_gives_space_back_comes_first() throws IOException {
    compactor =
        store.compactor(
            new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 0),
            new WriterPace(1, () -> 0, _ -> {}),
            reads);
    store.addHalfDeadSegment("a");
    reads.add(LEAST_BYTES / 16 + 1);

    CompactionReport report = compactor.compactDue().orElseThrow();

    assertThat(report.droppedRecords()).isEqualTo(1);
    assertThat(report.segmentsBefore()).isEqualTo(1);
  }
}
