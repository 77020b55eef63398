package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When index snapshots that are due are asked for in the background, and what becomes of that. */
@Timeout(60)
class SnapshotRequestsTest {

  private static final int SNAPSHOT_BYTES = 8 << 10;
  private static final EngineOptions OPTIONS =
      Stores.SMALL_SEGMENTS.withSegmentBytes(1 << 20).withSnapshotBytes(SNAPSHOT_BYTES);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean holding = true;
  private int asked;

  private SegmentedStore open(Executor background) {
    return SegmentedStore.open(
        disk,
        OPTIONS,
        new EngineThreads(
            Runnable::run,
            background,
            Runnable::run,
            Runnable::run,
            Runnable::run,
            false,
            false,
            () -> {}));
  }

  private SegmentedStore open() {
    SegmentedStore store =
        open(task -> {
          asked++;
          if (holding) {
            tasks.add(task);
          } else {
            task.run();
          }
        });
    runTasks();
    return store;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private long snapshots() {
    return disk.processKill().names().stream().filter(FileNames::isSnapshot).count();
  }

  /** Writes so much to one key that a snapshot is due. */
  private static void writeMuch(SegmentedStore store) {
    put(store, "much", "x".repeat(SNAPSHOT_BYTES));
  }

  @Test
  void one_is_asked_for_once_until_it_is_begun() {
    try (SegmentedStore store = open()) {
      put(store, "a", "1");
      assertThat(tasks).isEmpty();
      writeMuch(store);
      writeMuch(store);
      put(store, "a", "2");
      assertThat(tasks).hasSize(1);
      assertThat(snapshots()).isZero();

      runTasks();
      assertThat(snapshots()).isOne();
      put(store, "a", "3");
      assertThat(tasks).isEmpty();
      writeMuch(store);
      assertThat(tasks).hasSize(1);
    }
  }

  @Test
  void one_that_somebody_took_meanwhile_is_not_taken_again() {
    try (SegmentedStore store = open()) {
      writeMuch(store);
      store.snapshot();
      put(store, "a", "1");
      String first = name();

      runTasks();

      assertThat(name()).isEqualTo(first);
    }
  }

  private String name() {
    return disk.processKill().names().stream()
        .filter(FileNames::isSnapshot)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void one_that_comes_in_the_midst_of_a_compaction_is_put_off_for_an_eighth_of_the_distance() {
    try (SegmentedStore store = open()) {
      put(store, "a", "1");
      put(store, "a", "2");
      AtomicBoolean seen = new AtomicBoolean();
      holding = false;

      store.compact((done, total) -> {
        if (seen.getAndSet(true)) {
          return;
        }
        writeMuch(store);
        long before = asked;
        put(store, "a", "1");
        assertThat(asked).isEqualTo(before);
        put(store, "a", "x".repeat(SNAPSHOT_BYTES / 8));
        assertThat(asked).isEqualTo(before + 1);
        assertThat(snapshots()).isZero();
      });

      assertThat(seen).isTrue();
      assertThat(snapshots()).isOne();
    }
  }

  @Test
  void one_that_comes_after_the_end_of_the_store_is_not_taken() {
    SegmentedStore store = open();
    writeMuch(store);
    store.close();
    long operations = disk.operationCount();

    runTasks();

    assertThat(disk.operationCount()).isEqualTo(operations);
  }

  @Test
  void a_store_that_is_being_closed_does_without() {
    try (SegmentedStore store =
        open(task -> {
          throw new RejectedExecutionException();
        })) {
      writeMuch(store);
      writeMuch(store);

      assertThat(text(store, "much")).isPresent();
      assertThat(snapshots()).isZero();
    }
    assertThat(snapshots()).isOne();
  }

  @Test
  void writes_ask_for_one_however_they_are_made() {
    Value much = Value.wrap(new byte[SNAPSHOT_BYTES]);
    Mutation put = Mutation.Put.of(Key.of("much"), much);
    try (SegmentedStore store = open()) {
      for (Runnable write :
          List.<Runnable>of(
              () -> store.write(put, Durability.OS),
              () -> store.write(WriteBatch.of(put), Durability.OS),
              () -> store.writeAsync(put, Durability.OS),
              () -> store.writeAsync(WriteBatch.of(put), Durability.OS))) {
        write.run();
        assertThat(tasks).hasSize(1);
        runTasks();
      }
    }
  }
}
