package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.engine.io.SimulatedDisk;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of a store have names, and end with it. */
@Timeout(60)
class EngineThreadsTest {

  @Test
  void without_threads_all_is_done_by_the_caller() {
    EngineThreads none = EngineThreads.NONE;
    for (Executor executor :
        List.of(
            none.background(),
            none.keyFiles(),
            none.merges(),
            none.transfers(),
            none.completions())) {
      assertThat(threadOf(executor)).isSameAs(Thread.currentThread());
    }
    assertThat(none.commits()).isFalse();
    assertThat(none.compacts()).isFalse();
  }

  @Test
  void each_thread_tells_by_its_name_what_it_is_for() {
    EngineThreads threads = EngineThreads.start();
    try {
      assertNamed(threads.background(), "minikv-segments", false);
      assertNamed(threads.keyFiles(), "minikv-key-files", false);
      assertNamed(threads.merges(), "minikv-merges", false);
      assertNamed(threads.transfers(), "minikv-values-1", false);
      assertNamed(threads.completions(), "minikv-completion", true);
      assertThat(threads.commits()).isTrue();
      assertThat(threads.compacts()).isTrue();
    } finally {
      threads.stop().run();
    }
  }

  private static void assertNamed(Executor executor, String name, boolean isVirtual) {
    Thread thread = threadOf(executor);
    assertThat(thread.getName()).isEqualTo(name);
    assertThat(thread.isVirtual()).isEqualTo(isVirtual);
    assertThat(thread.isDaemon()).as("none keeps a process alive").isTrue();
  }

  private static Thread threadOf(Executor executor) {
    return CompletableFuture.supplyAsync(Thread::currentThread, executor).join();
  }

  @Test
  void a_stop_waits_for_all_tasks_and_no_others_follow() {
    EngineThreads threads = EngineThreads.start();
    List<Executor> executors =
        List.of(threads.transfers(), threads.background(), threads.keyFiles(), threads.merges());
    CountDownLatch stopping = new CountDownLatch(1);
    Set<Executor> done = ConcurrentHashMap.newKeySet();
    for (Executor executor : executors) {
      executor.execute(() -> {
        await(stopping);
        done.add(executor);
      });
    }
    Thread.ofVirtual().start(stopping::countDown);

    threads.stop().run();

    assertThat(done).containsAll(executors);
    for (Executor executor : executors) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> executor.execute(() -> {}));
    }
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a task was interrupted", e);
    }
  }

  @Test
  void a_closed_store_leaves_no_thread_of_its_own_behind() {
    Set<Thread> before = threadsOfStores();
    EngineOptions options =
        Stores.SMALL_SEGMENTS
            .withDurability(Durability.INTERVAL)
            .withCompaction(CompactionOptions.DEFAULT.withInterval(Duration.ofDays(1)));
    SegmentedStore store = SegmentedStore.open(new SimulatedDisk(), options, EngineThreads.start());
    for (int i = 0; i < 10; i++) {
      Stores.put(store, "key-" + i, "x".repeat(2_000));
    }
    Set<Thread> ofStore = threadsOfStores();
    ofStore.removeAll(before);
    assertThat(ofStore).isNotEmpty();

    store.close();

    for (Thread thread : ofStore) {
      join(thread);
    }
  }

  /** Comes back when the thread has ended; else the test is ended by its timeout. */
  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(thread + " goes on", e);
    }
  }

  private static Set<Thread> threadsOfStores() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("minikv-"))
        .collect(Collectors.toSet());
  }
}
