package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is said when maintenance, an opening or an end fails, and what goes on after that. */
class MaintenanceErrorsTest {

  private static final Path COPY = Path.of("/copy");
  private static final IOException BROKEN = new IOException("broken");
  private static final IOException FULL = new DiskFullException("no space");

  private final SimulatedDisk disk = new SimulatedDisk();

  // ---- compactions

  @Test
  void a_compaction_that_fails_says_why_and_the_store_goes_on() {
    try (SegmentedStore store = fill()) {
      failWhen(BROKEN, OperationType.CREATE, name -> name.endsWith(".log"));
      assertNotWritable(
          Reason.DISK_FAILED,
          "The compaction failed: broken.",
          () -> store.compact(ProgressListener.NONE));

      disk.listen(DiskListener.NONE);
      assertThat(text(store, "key-1")).isPresent();
    }
  }

  @Test
  void a_compaction_leaves_damaged_segments_and_names_all_of_them() throws IOException {
    try (SegmentedStore store = fill()) {
      List<String> segments = disk.list().stream().filter(name -> name.endsWith(".log")).toList();
      for (String name : segments.subList(0, 2)) {
        BitFlips.flipEverywhere(disk, name, 50);
      }

      assertThatExceptionOfType(DamagedDataException.class)
          .isThrownBy(() -> store.compact(ProgressListener.NONE))
          .returns(Optional.empty(), DamagedDataException::key)
          .returns(segments.get(0), DamagedDataException::file)
          .withMessageMatching(
              "A compaction left segments as they are, for they are damaged: "
                  + "000000001.log, at byte \\d+, [^;]+; 000000002.log, at byte \\d+, [^;]+"
                  + "\\. The others were compacted\\.");
      assertThat(disk.list()).containsAll(segments.subList(0, 2)).doesNotContain(segments.get(2));
    }
  }

  // ---- snapshots

  @Test
  void a_snapshot_that_fails_says_why_and_is_told_until_one_is_taken() {
    try (SegmentedStore store = fill()) {
      failWhen(FULL, OperationType.CREATE, name -> name.startsWith("INDEX-"));
      assertNotWritable(
          Reason.DISK_FULL,
          "The disk is too full for an index snapshot (no space).",
          store::snapshot);
      failWhen(BROKEN, OperationType.CREATE, name -> name.startsWith("INDEX-"));
      assertNotWritable(Reason.DISK_FAILED, "The index snapshot failed: broken.", store::snapshot);
      assertThat(store.health())
          .isEqualTo(
              new StoreHealth(true, true, List.of("The index could not be written down: broken")));

      disk.listen(DiskListener.NONE);
      store.snapshot();
      assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
    }
  }

  // ---- checkpoints

  @Test
  void a_checkpoint_that_fails_says_why_and_leaves_nothing() throws IOException {
    try (SegmentedStore store = fill()) {
      failWhen(FULL, OperationType.CREATE, "INCOMPLETE"::equals);
      assertNotWritable(
          Reason.DISK_FULL,
          "The disk is too full for a checkpoint (no space). Nothing is left of it.",
          () -> store.checkpoint(COPY));
      failWhen(BROKEN, OperationType.CREATE, "INCOMPLETE"::equals);
      assertNotWritable(
          Reason.DISK_FAILED,
          "The checkpoint failed: broken. The store itself goes on.",
          () -> store.checkpoint(COPY));
      assertThat(disk.sibling(COPY).list()).isEmpty();

      disk.listen(DiskListener.NONE);
      put(store, "key", "new");
      store.checkpoint(COPY);
    }
    try (SegmentedStore copy = Stores.open(disk.sibling(COPY))) {
      assertThat(text(copy, "key")).contains("new");
    }
  }

  // ---- verifications

  @Test
  void a_verification_that_fails_says_why_and_holds_no_segment() throws IOException {
    try (SegmentedStore store = fill()) {
      IllegalStateException stopped = new IllegalStateException("stopped");
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() ->
              store.verify((done, total) -> {
                throw stopped;
              }))
          .isSameAs(stopped);
      disk.listen(
          failing(
              BROKEN,
              List.of(OperationType.READ, OperationType.MAPPED_READ),
              name -> name.endsWith(".log")));
      assertNotWritable(
          Reason.DISK_FAILED,
          "The verification failed: broken.",
          () -> store.verify(ProgressListener.NONE));

      disk.listen(DiskListener.NONE);
      store.verify(ProgressListener.NONE);
      store.compact(ProgressListener.NONE);
      assertThat(disk.list()).doesNotContain("000000001.log");
    }
  }

  // ---- openings

  @Test
  void an_opening_that_fails_says_why_and_gives_back_lock_and_threads() throws IOException {
    fill().close();
    String start = "The store in /simulated cannot be opened: ";
    assertNotOpened(BROKEN, start + "broken.");
    assertNotOpened(
        FULL,
        start
            + "no space. After a crash an opening needs some space: free a few megabytes, and open"
            + " it again. Nothing is lost.");
    Stores.open(disk).close();
  }

  private void assertNotOpened(IOException failure, String message) throws IOException {
    failWhen(failure, OperationType.OPEN, "MANIFEST"::equals);
    AtomicInteger stops = new AtomicInteger();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> SegmentedStore.open(disk, Stores.SMALL_SEGMENTS, threads(stops)))
        .returns(StoreUnavailableException.Reason.INACCESSIBLE, StoreUnavailableException::reason)
        .withMessage(message)
        .withCause(failure);
    assertThat(stops).hasValue(1);
    disk.listen(DiskListener.NONE);
    disk.lock("LOCK", "test").close();
  }

  @Test
  void an_opening_that_is_refused_gives_back_its_threads() throws IOException {
    AtomicInteger stops = new AtomicInteger();
    try (DirectoryLock _ = disk.lock("LOCK", "process 7")) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> SegmentedStore.open(disk, Stores.SMALL_SEGMENTS, threads(stops)))
          .withMessage(
              "The store in /simulated is in use by process 7. Only one process can open it at a"
                  + " time.");
    }
    SimulatedDisk other = new SimulatedDisk();
    other.create("notes").close();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> SegmentedStore.open(other, Stores.SMALL_SEGMENTS, threads(stops)))
        .withMessageContaining("holds notes, which is no part of a store");
    assertThat(stops).hasValue(2);
    assertThat(other.list()).containsExactly("notes");
  }

  private static EngineThreads threads(AtomicInteger stops) {
    return new EngineThreads(
        Runnable::run,
        Runnable::run,
        Runnable::run,
        Runnable::run,
        Runnable::run,
        false,
        false,
        stops::incrementAndGet);
  }

  // ---- ends

  @Test
  void what_asks_a_closed_store_is_refused() {
    SegmentedStore store = fill();
    store.close();
    Key key = Key.of("key-1");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> store.get(key),
            () -> store.scan(KeyRange.all()),
            () -> store.count(KeyRange.all()),
            store::compactDue)) {
      assertThatExceptionOfType(StoreClosedException.class)
          .isThrownBy(call)
          .withMessage("The store is closed.");
    }
  }

  @Test
  void an_end_that_fails_says_so_once_and_frees_the_directory() throws IOException {
    SegmentedStore store = fill();
    failWhen(BROKEN, OperationType.RENAME, name -> name.startsWith("MANIFEST"));
    assertNotWritable(
        Reason.DISK_FAILED,
        "The store could not be closed in order: broken. The next opening recovers it.",
        store::close);
    store.close();

    disk.listen(DiskListener.NONE);
    try (SegmentedStore reopened = Stores.open(disk)) {
      assertThat(text(reopened, "key-1")).isPresent();
    }
  }

  @Test
  void a_store_whose_disk_failed_tells_why_until_it_is_closed_without_another_error() {
    SegmentedStore store =
        SegmentedStore.open(
            disk, Stores.SMALL_SEGMENTS.withDurability(Durability.ALWAYS), EngineThreads.NONE);
    disk.listen(
        failing(BROKEN, List.of(OperationType.FORCE, OperationType.MAPPED_FORCE), _ -> true));
    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> put(store, "key", "value"));
    assertThat(store.health())
        .isEqualTo(
            new StoreHealth(
                true,
                false,
                List.of(
                    "The disk failed, and the store takes no writes: Forcing the log to disk failed: broken.")));

    store.close();

    assertThat(store.health())
        .isEqualTo(new StoreHealth(false, false, List.of("The store is closed.")));
  }

  // ---- helpers

  /** A store of some segments, half of whose records are dead. */
  private SegmentedStore fill() {
    SegmentedStore store = Stores.open(disk);
    for (int i = 0; i < 20; i++) {
      put(store, i % 2 == 0 ? "dead" : "key-" + i, "x".repeat(1_000));
    }
    return store;
  }

  private void failWhen(IOException failure, OperationType type, Predicate<String> file) {
    disk.listen(failing(failure, List.of(type), file));
  }

  private static DiskListener failing(
      IOException failure, List<OperationType> types, Predicate<String> file) {
    return new DiskListener() {
      @Override
      public void before(Operation operation) throws IOException {
        if (types.contains(operation.type()) && file.test(operation.file())) {
          throw failure;
        }
      }
    };
  }

  private static void assertNotWritable(Reason reason, String message, ThrowingCallable call) {
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(call)
        .returns(reason, NotWritableException::reason)
        .withMessage(message);
  }
}
