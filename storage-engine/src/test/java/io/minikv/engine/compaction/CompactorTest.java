package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run takes, tells and leaves. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompactorTest {

  private static final CompactionSettings SETTINGS =
      new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 0);
  private static final int KEYS = 20;

  private static final long VALUE_FILE = 1_000;

  /** A run leaves so much of the disk for others: 8 KiB and a segment. */
  private static final long LEFT_FREE = (8 << 10) + SmallStore.SEGMENT_BYTES;

  private SmallStore store;
  private Compactor compactor;

  @BeforeEach
  void createStore() throws IOException {
    store = new SmallStore(new SimulatedDisk());
    compactor = store.compactor(SETTINGS, new WriterPace(1, () -> 0, _ -> {}));
  }

  // ---- what it tells

  @Test
  void the_report_tells_what_became_of_what() throws IOException {
    Segment first = store.addHalfDeadSegment("a");
    Segment second = store.addHalfDeadSegment("b");
    long bytesBefore = first.end() + second.end();

    CompactionReport report = compactor.compactDue().orElseThrow();

    assertThat(report.segmentsBefore()).isEqualTo(2);
    assertThat(report.segmentsAfter()).isEqualTo(1);
    assertThat(report.bytesBefore()).isEqualTo(bytesBefore);
    assertThat(report.bytesAfter()).isEqualTo(store.complete().getFirst().end());
    assertThat(report.movedRecords()).isEqualTo(3);
    assertThat(report.droppedRecords()).isEqualTo(2);
    assertThat(report.took()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    assertThat(compactor.lastReport()).contains(report);
  }

  @Test
  void nothing_is_told_of_a_run_that_had_nothing_to_do() throws IOException {
    store.put("a", 1_000);
    store.roll();

    assertThat(compactor.compactDue()).isEmpty();
    assertThat(compactor.lastReport()).isEmpty();
  }

  @Test
  void progress_leads_to_the_end_in_the_order_of_the_groups() throws IOException {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      store.addDeadSegment();
    }
    ProgressListener listener =
        (doneBytes, totalBytes) -> {
          done.add(doneBytes);
          totals.add(totalBytes);
        };

    compactor.compact(listener);

    assertThat(done).hasSize(2).isSorted();
    assertThat(done.getFirst()).isPositive();
    assertThat(done.getLast()).isGreaterThan(KEYS * 3_000L).isEqualTo(totals.getLast());
    assertThat(totals).containsOnly(totals.getFirst());
  }

  @Test
  void progress_leads_to_the_end_although_value_files_are_not_read() throws IOException {
    Segment segment = store.addHalfDeadSegment("a");
    store.table().values().name(segment.fileNumber(), VALUE_FILE, 1, 1 << 20);
    store.table().values().markDead(VALUE_FILE);
    List<Long> told = new ArrayList<>();

    compactor.compact((doneBytes, totalBytes) -> {
      told.add(doneBytes);
      told.add(totalBytes);
    });

    assertThat(told).containsExactly(segment.end(), segment.end());
  }

  // ---- how much a run does

  @Test
  void a_run_in_the_background_goes_on_until_nothing_is_due() throws IOException {
    for (int i = 0; i < KEYS; i++) {
      store.addDeadSegment();
    }

    assertThat(compactor.compactDue().orElseThrow().segmentsBefore()).isEqualTo(KEYS);

    assertThat(store.complete()).isEmpty();
    assertThat(compactor.compactDue()).isEmpty();
  }

  // ---- what has to stay

  @Test
  void tombstones_that_are_needed_are_not_copied_again_and_again_and_go_at_last()
      throws IOException {
    hideOldRecords(store::delete);

    CompactionReport first = compactor.compactDue().orElseThrow();
    assertThat(first.movedRecords()).isEqualTo(1 + KEYS);
    assertThat(compactor.compactDue()).isEmpty();

    CompactionReport second = compactor.compact(ProgressListener.NONE);

    assertThat(second.segmentsBefore()).isEqualTo(2);
    assertThat(second.movedRecords()).isEqualTo(2);
    assertThat(second.droppedRecords()).isEqualTo(2 * KEYS);
  }

  @Test
  void expired_records_that_are_needed_are_not_copied_again_and_again() throws IOException {
    hideOldRecords(key -> store.putExpiring(key, 20));
    store.passMinute();

    assertThat(compactor.compactDue().orElseThrow().movedRecords()).isEqualTo(1 + KEYS);

    assertThat(compactor.compactDue()).isEmpty();
  }

  /** Hides records of a segment that is hardly dead by others in one that is. */
  private void hideOldRecords(Consumer<String> hide) {
    store.put("oldest", 500);
    store.put("dead", 1_500);
    store.roll();
    for (int i = 0; i < KEYS; i++) {
      store.put("k-%02d".formatted(i), 20);
    }
    store.put("live", 2_300);
    store.roll();
    for (int i = 0; i < KEYS; i++) {
      hide.accept("k-%02d".formatted(i));
    }
    store.put("dead", 1_500);
    store.roll();
    store.put("dead", 10);
  }

  @Test
  void a_damaged_segment_is_told_once_and_left_out_until_somebody_asks() throws IOException {
    Segment damaged = store.addHalfDeadSegment("a");
    Segment intact = store.addHalfDeadSegment("b");
    invert(damaged.name(), SegmentHeader.LENGTH + 200);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(compactor::compactDue)
        .returns(damaged.name(), DamagedSegmentException::file);
    assertThat(store.complete()).contains(damaged).doesNotContain(intact);
    assertThat(compactor.compactDue()).isEmpty();

    invert(damaged.name(), SegmentHeader.LENGTH + 200);
    compactor.compact(ProgressListener.NONE);
    assertThat(store.complete()).doesNotContain(damaged);
    assertThat(store.holds("a")).isTrue();
  }

  @Test
  void all_others_of_its_group_are_compacted_without_a_damaged_segment() throws IOException {
    Segment damaged = store.addHalfDeadSegment("a");
    Segment second = store.addHalfDeadSegment("b");
    Segment third = store.addHalfDeadSegment("c");
    invert(damaged.name(), SegmentHeader.LENGTH + 200);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> compactor.compact(ProgressListener.NONE));

    assertThat(store.complete()).contains(damaged).doesNotContain(second, third);
  }

  private void invert(String file, long position) throws IOException {
    try (DiskFile opened = store.disk().open(file, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      opened.read(position, one);
      one.put(0, (byte) ~one.get(0));
      opened.write(position, one.flip());
    }
  }

  // ---- space

  @Test
  void a_run_needs_the_space_of_its_copies_beside_what_it_leaves_for_others() throws IOException {
    Segment segment = store.addHalfDeadSegment("a");
    long needed = store.scales(new HeldBack()).weigh(segment).spaceBytes();

    store.disk().setCapacity(store.usedBytes() + LEFT_FREE + needed - 1);
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(compactor::compactDue)
        .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason)
        .withMessage(
            "The disk is too full for a compaction, which needs space for a part of the live data"
                + " first (only "
                + (needed - 1)
                + " bytes can be used). What it could not compact has not changed.");
    assertThat(store.complete()).contains(segment);

    store.disk().setCapacity(store.usedBytes() + LEFT_FREE + needed);
    assertThat(compactor.compactDue()).isPresent();
  }

  @Test
  void a_group_that_finds_the_disk_full_once_is_done_in_parts_in_the_same_run() throws IOException {
    for (String key : new String[] {"a", "b", "c", "d", "e", "f"}) {
      store.addHalfDeadSegment(key);
    }
    store.roll(); // So that only copies are begun from now on.
    AtomicInteger begun = new AtomicInteger();
    store
        .disk()
        .listen(
            new DiskListener() {
              @Override
              public void before(Operation operation) throws IOException {
                if (operation.type() == OperationType.CREATE
                    && FileNames.segmentNumber(operation.file()).isPresent()
                    && begun.incrementAndGet() == 2) {
                  throw new DiskFullException("no space for the second copy");
                }
              }
            });

    CompactionReport report = compactor.compact(ProgressListener.NONE);

    assertThat(begun.get()).isGreaterThan(2);
    assertThat(report.segmentsBefore()).isEqualTo(6);
    assertThat(report.droppedRecords()).isEqualTo(6);
  }

  @Test
  void a_disk_that_others_fill_meanwhile_is_told_and_nothing_has_changed() throws IOException {
    Segment segment = store.addHalfDeadSegment("a");
    List<String> before = store.disk().list();
    store
        .disk()
        .listen(
            SmallStore.failing(
                OperationType.CREATE, () -> new DiskFullException("no space on it")));

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(compactor::compactDue)
        .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason)
        .withMessageContaining("(no space on it)");
    store.disk().listen(DiskListener.NONE);

    assertThat(store.disk().list()).isEqualTo(before);
    assertThat(store.complete()).contains(segment);
    assertThat(compactor.compactDue()).isPresent();
  }
}
