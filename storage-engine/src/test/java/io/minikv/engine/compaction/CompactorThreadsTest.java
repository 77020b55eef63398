package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a run, what a run waits for, and how it ends early. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompactorThreadsTest {

  private static final CompactionSettings SETTINGS =
      new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 0);

  private final List<Long> waits = new ArrayList<>();
  private final WriterPace pace = new WriterPace(1_000_000, System::nanoTime, waits::add);
  private SmallStore store;
  private Compactor compactor;

  @BeforeEach
  void createStore() throws IOException {
    store = new SmallStore(new SimulatedDisk());
    compactor = store.compactor(SETTINGS, pace);
  }

  // ---- runs, one at a time

  @Test
  void a_run_in_the_background_makes_way_for_one_on_demand() throws IOException {
    for (int i = 0; i < 20; i++) {
      store.addDeadSegment();
    }
    CompletableFuture<CompactionReport> onDemand = new CompletableFuture<>();
    onFirst(OperationType.DELETE, () -> awaitBlocked(start(onDemand, this::compactOnDemand)));

    CompactionReport inBackground = compactor.compactDue().orElseThrow();

    assertThat(inBackground.segmentsBefore()).isEqualTo(16);
    assertThat(onDemand.join().segmentsBefore()).isEqualTo(4);
  }

  @Test
  void nothing_is_done_in_the_background_while_somebody_else_compacts() throws IOException {
    store.addDeadSegment();
    List<Boolean> done = new ArrayList<>();
    onFirst(
        OperationType.DELETE,
        () -> done.add(CompletableFuture.supplyAsync(this::compactDue).join()));

    compactor.compactDue();

    assertThat(done).containsExactly(false);
  }

  @Test
  void any_thread_can_compact_after_another() throws IOException {
    store.addDeadSegment();
    compactor.compactDue();
    store.addDeadSegment();
    assertThat(CompletableFuture.supplyAsync(this::compactDue).join()).isTrue();

    compactor.compact(ProgressListener.NONE);
    store.addDeadSegment();
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

  // ---- writers

  @Test
  void writers_pay_by_the_space_that_is_left_while_segments_are_copied() throws IOException {
    Segment segment = store.addHalfDeadSegment("a");
    Scales scales = store.scales(new HeldBack());
    long left =
        scales.bytesLeft(store.table(), SmallStore.SEGMENT_BYTES)
            - scales.weigh(segment).spaceBytes();
    long margin = left + 1_000;
    WriterPace slow = new WriterPace(margin, () -> 0, waits::add);
    slow.gaveBack(margin, Long.MAX_VALUE); // No price is too dear.
    compactor = store.compactor(SETTINGS, slow);
    onFirst(OperationType.CREATE, () -> slow.pay(4_000));

    compactor.compactDue();
    slow.pay(4_000);

    assertThat(waits).containsExactly((long) (4_000 * (200.0 * 5_000 / margin)));
  }

  @Test
  void writers_pay_also_while_a_group_waits_for_key_files() throws IOException {
    List<Integer> paid = new ArrayList<>();
    store =
        new SmallStore(
            new SimulatedDisk(),
            task -> {
              pace.pay(1_000_000_000);
              paid.add(waits.size());
              task.run();
            });
    compactor = store.compactor(SETTINGS, pace);
    store.addHalfDeadSegment("a");
    assertThat(waits).as("no group was due").isEmpty();
    paid.clear();

    compactor.compactDue();

    assertThat(paid.getFirst()).as("for the first key files").isPositive();
  }

  @Test
  void writers_pay_nothing_for_a_compaction_that_is_slow_on_purpose() throws IOException {
    store.addHalfDeadSegment("a");
    compactor =
        store.compactor(
            new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, Long.MAX_VALUE), pace);
    onFirst(OperationType.CREATE, () -> pace.pay(10_000));

    assertThat(compactor.compactDue()).isPresent();

    assertThat(waits).isEmpty();
  }

  @Test
  void what_a_compaction_gave_back_tells_what_writers_may_write_in_any_case() throws IOException {
    WriterPace still = new WriterPace(1, () -> 0, waits::add);
    still.behind(-1_000_000_000);
    still.pay(10_000);
    assertThat(waits).containsExactly(320_000L);
    compactor = store.compactor(SETTINGS, still);
    store.addHalfDeadSegment("a");

    assertThat(compactor.compactDue()).isPresent();
    still.behind(-1_000_000_000);
    still.pay(10_000);

    assertThat(waits.getLast()).isNotEqualTo(640_000L);
  }

  @Test
  void a_compaction_in_the_background_takes_rests_unless_writers_wait_for_it() throws IOException {
    addSegmentOfSmallRecords();
    onFirst(
        OperationType.CREATE,
        () -> {
          pace.behind(-1_000_000_000);
          pace.pay(100_000);
          awaitRest();
        });

    assertThat(compactor.compactDue()).isPresent();

    assertThat(waits).isNotEmpty();
    assertThat(pace.hasHeldWriters()).as("was not asked for yet").isFalse();
  }

  /** More records than are looked up between two rests, half of them dead. */
  private void addSegmentOfSmallRecords() {
    for (int i = 0; i < 80; i++) {
      store.put("key-" + i % 40, 0);
    }
    store.roll();
  }

  /** Until a rest would be due. */
  private static void awaitRest() {
    long start = System.nanoTime();
    await().pollInSameThread().until(() -> System.nanoTime() - start > 1_000_000);
  }

  @Test
  void an_interrupt_ends_the_waiting_of_a_slow_compaction_and_is_kept() throws IOException {
    store.addHalfDeadSegment("a");
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
    store.addHalfDeadSegment("a");
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
