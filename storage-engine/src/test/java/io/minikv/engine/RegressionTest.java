package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One test for each mistake that was found and corrected, named after it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegressionTest {

  private static final String FILLER = "x".repeat(1000);

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void what_a_compaction_replaced_stayed_for_ever_after_a_crash() throws IOException {
    EngineOptions options = EngineOptions.DEFAULT.withSegmentBytes(4 << 10);
    SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE);
    for (int i = 0; i < 20; i++) {
      store.put(Key.of("key"), Value.of(FILLER));
    }
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.DELETE && operation.file().endsWith(".log")) {
              throw new IOException("the process ends here");
            }
          }
        });
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> store.compact(ProgressListener.NONE));

    SimulatedDisk next = SimulatedDisk.from(disk.processKill());
    try (SegmentedStore reopened = SegmentedStore.open(next, options, EngineThreads.NONE)) {
      assertThat(reopened.statistics().recovery().findings()).isEmpty();
      assertThat(reopened.get(Key.of("key"))).isPresent();
      assertThat(next.list().stream().filter(name -> name.endsWith(".log")))
          .hasSameSizeAs(reopened.statistics().segments());
    }
  }

  @Test
  void closing_on_an_interrupted_thread_cancelled_the_ending_of_segments() {
    EngineThreads threads = EngineThreads.start();
    CountDownLatch closing = new CountDownLatch(1);
    AtomicBoolean lastTaskRan = new AtomicBoolean();
    threads.background().execute(() -> awaitUninterruptibly(closing));
    threads.background().execute(() -> lastTaskRan.set(true));

    Thread.currentThread().interrupt();
    Thread.ofVirtual().start(closing::countDown);
    threads.stop().run();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(lastTaskRan).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a task of the store was interrupted", e);
    }
  }

  @Test
  void a_compaction_retired_a_segment_whose_ending_was_still_to_come() {
    HeldExecutor background = new HeldExecutor();
    try (SegmentedStore store =
        SegmentedStore.open(
            disk,
            Stores.SMALL_SEGMENTS,
            new EngineThreads(
                background,
                Runnable::run,
                Runnable::run,
                Runnable::run,
                Runnable::run,
                false,
                false,
                () -> {}))) {
      put(store, "a", FILLER);
      background.onNextTask(() -> {
        background.hold();
        for (int i = 0; i < 10; i++) {
          put(store, "b", FILLER + i);
        }
      });

      store.compact(ProgressListener.NONE);
      background.release();

      assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
      put(store, "c", "1");
      assertThat(text(store, "b")).contains(FILLER + 9);
    }
  }

  /** Runs tasks at once, but holds them back while it is told to. */
  private static final class HeldExecutor implements Executor {

    private final Queue<Runnable> held = new ArrayDeque<>();
    private Runnable before = () -> {};
    private boolean holding;

    void onNextTask(Runnable action) {
      before = action;
    }

    void hold() {
      holding = true;
    }

    void release() {
      holding = false;
      held.forEach(Runnable::run);
      held.clear();
    }

    @Override
    public void execute(Runnable task) {
      if (holding) {
        held.add(task);
        return;
      }
      Runnable first = before;
      before = () -> {};
      first.run();
      task.run();
    }
  }

  @Tag("lengthy")
  @Test
  void a_compaction_dropped_a_durable_write_that_was_not_visible_because_another_one_was_refused() {
    HeldExecutor background = new HeldExecutor();
    HeldCompletions completions = new HeldCompletions();
    EngineOptions options = Stores.SMALL_SEGMENTS.withSegmentBytes(64 << 10);
    EngineThreads threads =
        new EngineThreads(
            background,
            Runnable::run,
            Runnable::run,
            Runnable::run,
            completions,
            true,
            false,
            () -> {});
    try (SegmentedStore store = SegmentedStore.open(disk, options, threads)) {
      put(store, "a", FILLER);
      background.onNextTask(() -> {
        store.put(Key.of("half"), Value.wrap(new byte[40_000]));
        disk.setCapacity(1);
        completions.holdUntilRefused(
            List.of(
                putAsync(store, "first", new byte[1]),
                putAsync(store, "accepted", new byte[2]),
                putAsync(store, "too large", new byte[1 << 20])));
        disk.setCapacity(Long.MAX_VALUE);
      });

      store.compact(ProgressListener.NONE);
      completions.release();

      assertThat(store.get(Key.of("accepted")).orElseThrow().value().length()).isEqualTo(2);
    }
  }

  private static CompletableFuture<WriteResult> putAsync(
      SegmentedStore store, String key, byte[] value) {
    return store
        .writeAsync(Mutation.Put.of(Key.of(key), Value.wrap(value)), Durability.OS)
        .toCompletableFuture();
  }

  /** Stops the commit thread before it answers, and again when it has answered the last write. */
  private static final class HeldCompletions implements Executor {

    private final CountDownLatch queued = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicReference<CompletableFuture<?>> last = new AtomicReference<>();

    void holdUntilRefused(List<CompletableFuture<WriteResult>> writes) {
      last.set(writes.getLast());
      queued.countDown();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(writes.getLast()::join)
          .withCauseInstanceOf(NotWritableException.class);
    }

    void release() {
      released.countDown();
    }

    @Override
    public void execute(Runnable task) {
      awaitUninterruptibly(queued);
      task.run();
      if (last.get().isDone()) {
        awaitUninterruptibly(released);
      }
    }
  }

  @Test
  void a_directory_of_something_else_was_given_a_lock_file(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("LOCK"), "of another program");
    Files.writeString(directory.resolve("CURRENT"), "MANIFEST-000001");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> SegmentedStore.open(directory, EngineOptions.DEFAULT))
        .returns(StoreUnavailableException.Reason.FOREIGN, StoreUnavailableException::reason);

    assertThat(directory.resolve("LOCK")).hasContent("of another program");
    assertThat(directory).isDirectoryNotContaining("glob:**MANIFEST");
  }

  @Test
  void a_log_file_named_by_the_date_used_up_all_file_numbers() throws IOException {
    Stores.open(disk).close();
    var file = disk.create("20260101120000.log");
    file.write(0, ByteBuffer.wrap("a line of text".getBytes(UTF_8)));
    file.close();

    try (SegmentedStore store = Stores.open(disk)) {
      for (int i = 0; i < 10; i++) {
        put(store, "a", FILLER);
      }
      assertThat(text(store, "a")).contains(FILLER);
    }
    assertThat(disk.exists("20260101120000.log")).isTrue();
  }

  @Test
  void a_write_waited_for_ever_when_making_the_next_segment_failed() {
    SegmentedStore store = Stores.open(disk);
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.CREATE) {
              throw new IOException("injected");
            }
          }
        });

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> {
          for (int i = 0; i < 10; i++) {
            put(store, "a", FILLER);
          }
        })
        .withMessageContaining("injected");
    assertThat(store.health().writable()).isFalse();
    store.close();
  }

  @Test
  void the_commit_thread_died_of_an_error_and_left_callers_waiting() {
    SegmentedStore store =
        SegmentedStore.open(
            disk,
            Stores.SMALL_SEGMENTS,
            new EngineThreads(
                Runnable::run,
                Runnable::run,
                Runnable::run,
                Runnable::run,
                Runnable::run,
                true,
                false,
                () -> {}));
    store
        .writeAsync(Mutation.Put.of(Key.of("a"), Value.of("1")), Durability.ALWAYS)
        .toCompletableFuture()
        .join();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.SIZE) {
              throw new IllegalStateException("injected");
            }
          }
        });

    for (int i = 0; i < 10; i++) {
      store.writeAsync(Mutation.Put.of(Key.of("a"), Value.of(FILLER)), Durability.ALWAYS);
    }
    CompletableFuture<?> last =
        store
            .writeAsync(Mutation.Put.of(Key.of("a"), Value.of("2")), Durability.ALWAYS)
            .toCompletableFuture();

    await().until(last::isDone);
    store.close();
  }

  @Tag("lengthy")
  @Test
  void every_asynchronous_write_ends_when_the_store_is_closed_meanwhile() {
    for (int round = 0; round < 10; round++) {
      SegmentedStore store = Stores.openWithThreads(new SimulatedDisk(), Durability.ALWAYS);
      List<CompletableFuture<?>> writes = new CopyOnWriteArrayList<>();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                boolean open = true;
                while (open) {
                  CompletableFuture<?> write =
                      store
                          .writeAsync(
                              Mutation.Put.of(Key.of("a"), Value.of("1")), Durability.ALWAYS)
                          .toCompletableFuture();
                  writes.add(write);
                  open = !write.isCompletedExceptionally();
                }
              });
      await().until(() -> writes.size() > 20);
      store.close();
      await().until(() -> !writer.isAlive());

      await().until(() -> writes.stream().allMatch(CompletableFuture::isDone));
    }
  }

  @Test
  void a_huge_force_interval_overflowed() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> EngineOptions.DEFAULT.withForceInterval(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void each_read_of_the_last_segment_asked_the_system_until_something_was_written_again() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
    }
    try (SegmentedStore reopened = Stores.open(disk)) {
      List<OperationType> operations = new CopyOnWriteArrayList<>();
      disk.listen(
          new DiskListener() {
            @Override
            public void before(Operation operation) {
              operations.add(operation.type());
            }
          });

      assertThat(text(reopened, "a")).contains("1");

      assertThat(operations).contains(OperationType.MAPPED_READ).doesNotContain(OperationType.READ);
    }
  }

  @Test
  void a_full_disk_is_no_reason_to_refuse_reads_after_a_reopening() {
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "1");
    store.close();
    disk.setCapacity(0);

    try (SegmentedStore reopened = Stores.open(disk)) {
      assertThat(text(reopened, "a")).contains("1");
      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(() -> put(reopened, "a", "2"))
          .returns(NotWritableException.Reason.DISK_FULL, NotWritableException::reason);
      disk.setCapacity(Long.MAX_VALUE);
      put(reopened, "a", "3");
    }
  }
}
