package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run takes, tells and leaves, who waits for it, and how it ends early. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompactorTest {

  private static final CompactionSettings SETTINGS =
      new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 0);
  private static final int KEYS = 20;

  /** A run leaves so much of the disk for others: 8 KiB and a segment. */
  private static final long LEFT_FREE = (8 << 10) + SmallStore.SEGMENT_BYTES;

  private final List<Long> waits = new ArrayList<>();
  private final WriterPace pace = new WriterPace(1_000_000, waits::add);
  private SmallStore store;
  private Compactor compactor;

  @BeforeEach
  void createStore() throws IOException {
    store = new SmallStore(new SimulatedDisk());
    compactor = store.compactor(SETTINGS, pace);
  }

  /** A complete segment of which nothing is live. */
  private void addDeadSegment() {
    store.put("dead", 3_000);
    store.roll();
    store.put("dead", 10);
  }

  /** A complete segment half of which is live. */
  private Segment addHalfDeadSegment(String key) {
    store.put(key, 1_000);
    store.put(key + "-dead", 1_000);
    Segment segment = store.roll();
    store.put(key + "-dead", 10);
    return segment;
  }

  // ---- what it tells

  @Test
  void the_report_tells_what_became_of_what() throws IOException {
    Segment first = addHalfDeadSegment("a");
    Segment second = addHalfDeadSegment("b");
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
      addDeadSegment();
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

  // ---- how much a run does

  @Test
  void a_run_in_the_background_goes_on_until_nothing_is_due() throws IOException {
    for (int i = 0; i < KEYS; i++) {
      addDeadSegment();
    }

    assertThat(compactor.compactDue().orElseThrow().segmentsBefore()).isEqualTo(KEYS);

    assertThat(store.complete()).isEmpty();
    assertThat(compactor.compactDue()).isEmpty();
  }

  @Test
  void a_run_in_the_background_makes_way_for_one_on_demand() throws IOException {
    for (int i = 0; i < KEYS; i++) {
      addDeadSegment();
    }
    CompletableFuture<CompactionReport> onDemand = new CompletableFuture<>();
    onFirst(OperationType.DELETE, () -> awaitBlocked(start(onDemand, this::compactOnDemand)));

    CompactionReport inBackground = compactor.compactDue().orElseThrow();

    assertThat(inBackground.segmentsBefore()).isEqualTo(16);
    assertThat(onDemand.join().segmentsBefore()).isEqualTo(KEYS - 16);
  }

  @Test
  void nothing_is_done_in_the_background_while_somebody_else_compacts() throws IOException {
    addDeadSegment();
    List<Boolean> done = new ArrayList<>();
    onFirst(
        OperationType.DELETE,
        () -> done.add(CompletableFuture.supplyAsync(this::compactDue).join()));

    compactor.compactDue();

    assertThat(done).containsExactly(false);
  }

  @Test
  void any_thread_can_compact_after_another() throws IOException {
    addDeadSegment();
    compactor.compactDue();
    addDeadSegment();
    assertThat(CompletableFuture.supplyAsync(this::compactDue).join()).isTrue();

    compactor.compact(ProgressListener.NONE);
    addDeadSegment();
    assertThat(CompletableFuture.supplyAsync(this::compactDue).join()).isTrue();
  }

  /** Whether it did anything. */
  private boolean compactDue() {
    try {
      return compactor.compactDue().isPresent();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private CompactionReport compactOnDemand() {
    try {
      return compactor.compact(ProgressListener.NONE);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static <T> Thread start(CompletableFuture<T> result, Supplier<T> action) {
    return Thread.ofPlatform().start(() -> result.completeAsync(action, Runnable::run));
  }

  private static void awaitBlocked(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
  }

  /** Does something just before the first operation of that type. */
  private void onFirst(OperationType type, Runnable action) {
    store.disk().listen(SmallStore.onFirst(type, action));
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
    Segment damaged = addHalfDeadSegment("a");
    Segment intact = addHalfDeadSegment("b");
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
    Segment segment = addHalfDeadSegment("a");
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
  void a_disk_that_others_fill_meanwhile_is_told_and_nothing_has_changed() throws IOException {
    Segment segment = addHalfDeadSegment("a");
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

  // ---- writers

  @Test
  void writers_pay_by_the_space_that_is_left_while_segments_are_copied() throws IOException {
    Segment segment = addHalfDeadSegment("a");
    Scales scales = store.scales(new HeldBack());
    long left =
        scales.bytesLeft(store.table(), SmallStore.SEGMENT_BYTES)
            - scales.weigh(segment).spaceBytes();
    onFirst(OperationType.CREATE, () -> pace.pay(10_000)); // One nanosecond for each byte missing.

    compactor.compactDue();
    pace.pay(10_000);

    assertThat(waits).containsExactly(1_000_000 - (left - 10_000));
  }

  @Test
  void writers_pay_nothing_for_a_compaction_that_is_slow_on_purpose() throws IOException {
    addHalfDeadSegment("a");
    compactor =
        store.compactor(
            new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, Long.MAX_VALUE), pace);
    onFirst(OperationType.CREATE, () -> pace.pay(10_000));

    assertThat(compactor.compactDue()).isPresent();

    assertThat(waits).isEmpty();
  }

  @Test
  void an_interrupt_ends_the_waiting_of_a_slow_compaction_and_is_kept() throws IOException {
    addHalfDeadSegment("a");
    compactor = store.compactor(new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 1), pace);
    Thread.currentThread().interrupt();

    assertThat(compactor.compactDue()).isPresent();

    assertThat(Thread.interrupted()).isTrue();
  }

  // ---- closing

  @Test
  void nothing_is_compacted_after_it_was_closed() {
    compactor.close();

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(compactor::compactDue);
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> compactor.compact(ProgressListener.NONE));
    assertThatExceptionOfType(CompletionException.class)
        .as("on another thread, too")
        .isThrownBy(() -> CompletableFuture.supplyAsync(this::compactDue).join())
        .withCauseInstanceOf(StoreClosedException.class);
  }

  @Test
  void closing_it_ends_a_run_and_waits_until_nothing_is_left_of_that() throws IOException {
    addHalfDeadSegment("a");
    List<String> before = store.disk().list();
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    onFirst(
        OperationType.CREATE,
        () -> {
          copying.countDown();
          awaitLatch(goesOn);
        });
    CompletableFuture<Boolean> run = CompletableFuture.supplyAsync(this::compactDue);
    awaitLatch(copying);

    Thread closing = Thread.ofPlatform().start(compactor::close);
    awaitBlocked(closing);
    assertThat(closing.isAlive()).isTrue();
    goesOn.countDown();

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(run::join)
        .withCauseInstanceOf(StoreClosedException.class);
    assertThat(store.disk().list()).isEqualTo(before);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
