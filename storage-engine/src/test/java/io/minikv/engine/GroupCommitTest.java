package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who forces the log, when, and for whom. */
@Timeout(60)
class GroupCommitTest {

  private static final EngineOptions OPTIONS = Stores.SMALL_SEGMENTS.withSegmentBytes(256L << 20);

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void writers_that_wait_at_the_same_time_share_forces(@TempDir Path directory) throws Exception {
    int writers = 16;
    int writesEach = 40;
    try (SegmentedStore store = SegmentedStore.open(directory, EngineOptions.DEFAULT)) {
      List<Thread> threads = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        String key = "writer-" + writer;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < writesEach; i++) {
                    put(store, key, "value " + i);
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      CommitStatistics commits = store.statistics().commits();
      assertThat(commits.writes()).isEqualTo(writers * writesEach);
      assertThat(commits.forcedWrites()).isEqualTo(commits.writes());
      assertThat(commits.forces()).isPositive().isLessThan(commits.writes());
    }
  }

  @Test
  void all_that_was_queued_during_a_force_shares_the_next_one() {
    try (SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.start())) {
      SlowForce slow = new SlowForce();
      disk.listen(slow);
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      writes.add(putAsync(store, "first", new byte[10]));
      slow.awaitBegin();
      for (int i = 0; i < 100; i++) {
        writes.add(putAsync(store, "key-" + i, new byte[10]));
      }
      slow.end();
      writes.forEach(CompletableFuture::join);

      assertThat(store.statistics().commits().writes()).isEqualTo(101);
      assertThat(store.statistics().commits().forces()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void what_callers_attach_never_runs_on_a_thread_of_the_store() {
    try (SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.start())) {
      SlowForce slow = new SlowForce();
      disk.listen(slow);
      CompletableFuture<Thread> thread =
          putAsync(store, "a", new byte[10]).thenApply(result -> Thread.currentThread());
      slow.awaitBegin();
      CompletableFuture<Thread> blocked =
          putAsync(store, "b", new byte[10])
              .thenApply(result -> {
                put(store, "c", "written by what was attached");
                return Thread.currentThread();
              });
      slow.end();

      assertThat(thread.join().isVirtual()).isTrue();
      assertThat(blocked.join().isVirtual()).isTrue();
      assertThat(text(store, "c")).isPresent();
    }
  }

  @Tag("lengthy")
  @Test
  void more_than_fits_in_flight_is_refused_at_once_and_the_rest_goes_on() {
    try (SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.start())) {
      SlowForce slow = new SlowForce();
      disk.listen(slow);
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      writes.add(putAsync(store, "first", new byte[10]));
      slow.awaitBegin();
      byte[] value = new byte[1 << 20];
      CompletableFuture<WriteResult> last = writes.getFirst();
      for (int i = 0; i < 100 && !last.isCompletedExceptionally(); i++) {
        last = putAsync(store, "key-" + i, value);
        writes.add(last);
      }
      slow.end();

      assertThat(writes.removeLast())
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(OverloadedException.class);
      assertThat(writes).hasSizeBetween(50, 65);
      writes.forEach(CompletableFuture::join);
      putAsync(store, "again", new byte[1 << 20]).join();
    }
  }

  @Test
  void one_write_larger_than_what_fits_in_flight_is_taken_when_nothing_else_is(
      @TempDir Path directory) {
    try (SegmentedStore store = SegmentedStore.open(directory, OPTIONS)) {
      putAsync(store, "large", new byte[65 << 20]).join();

      assertThat(store.info(Key.of("large")).orElseThrow().valueLength()).isEqualTo(65 << 20);
    }
  }

  @Test
  void an_idle_log_tells_that_it_is_durable() {
    try (SegmentedStore store = Stores.openWithThreads(disk, Durability.ALWAYS)) {
      put(store, "a", "1");
      long forces = store.statistics().commits().forces();

      await().until(() -> store.statistics().commits().forces() > forces);
      byte[] log = afterPowerCut().processKill().bytes("000000001.log");
      log[64] ^= 1;
      SimulatedDisk damaged =
          SimulatedDisk.from(afterPowerCut().processKill().with("000000001.log", log));
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> Stores.open(damaged))
          .withMessageContaining("has lost records that were on the disk");
    }
  }

  @Test
  void an_interval_forces_the_log_by_itself() {
    EngineOptions options =
        OPTIONS.withDurability(Durability.INTERVAL).withForceInterval(Duration.ofMillis(5));
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.start())) {
      put(store, "a", "1");

      await().until(() -> store.statistics().commits().forces() > 0);
      assertThat(text(Stores.open(afterPowerCut()), "a")).contains("1");
    }
  }

  @Test
  void without_forces_a_write_survives_the_end_of_the_process_and_a_flush_makes_it_durable() {
    EngineOptions options = OPTIONS.withDurability(Durability.OS);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.start())) {
      put(store, "a", "1");
      assertThat(store.statistics().commits().forces()).isZero();
      assertThat(text(Stores.open(SimulatedDisk.from(disk.processKill())), "a")).contains("1");
      assertThat(text(Stores.open(afterPowerCut()), "a")).isEmpty();

      store.flush();
      assertThat(text(Stores.open(afterPowerCut()), "a")).contains("1");
      store.write(Mutation.Put.of(Key.of("a"), Value.of("2")), Durability.ALWAYS);
      assertThat(text(Stores.open(afterPowerCut()), "a")).contains("2");
    }
  }

  @Test
  void closing_finishes_what_is_on_its_way() {
    SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.start());
    SlowForce slow = new SlowForce();
    disk.listen(slow);
    List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
    writes.add(putAsync(store, "key-0", new byte[10]));
    slow.awaitBegin();
    for (int i = 1; i < 20; i++) {
      writes.add(putAsync(store, "key-" + i, new byte[10]));
    }
    Thread closing = Thread.ofPlatform().start(store::close);
    slow.end();

    writes.forEach(GroupCommitTest::joinUnlessClosed);
    await().until(() -> !closing.isAlive());
    try (SegmentedStore reopened = Stores.open(afterPowerCut())) {
      for (int i = 0; i < writes.size(); i++) {
        assertThat(writes.get(i)).isCompleted();
        assertThat(reopened.exists(Key.of("key-" + i))).isTrue();
      }
    }
  }

  private static void joinUnlessClosed(CompletableFuture<WriteResult> write) {
    try {
      write.join();
    } catch (CompletionException e) {
      throw new AssertionError("accepted, but not finished", e);
    }
  }

  private static CompletableFuture<WriteResult> putAsync(
      SegmentedStore store, String key, byte[] value) {
    return store
        .writeAsync(Mutation.Put.of(Key.of(key), Value.wrap(value)), Durability.ALWAYS)
        .toCompletableFuture();
  }

  /** The disk as it is when power is lost now and nothing pending survives. */
  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
  }

  /** Lets the next force last until it is told to end; the disk does nothing else meanwhile. */
  private static final class SlowForce implements DiskListener {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void before(Operation operation) {
      if (operation.type() == OperationType.MAPPED_FORCE) {
        begun.countDown();
        await(ended);
      }
    }

    void awaitBegin() {
      await(begun);
    }

    void end() {
      ended.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
