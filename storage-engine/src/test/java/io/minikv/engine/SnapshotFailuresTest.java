package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.minikv.domain.Key;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An index snapshot that fails costs nothing but the time of the next opening, and is told. */
@Timeout(60)
class SnapshotFailuresTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  /** Operations on files of index snapshots fail, if they are of one of these types. */
  private void fail(Set<OperationType> types, Supplier<IOException> failure) {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (types.contains(operation.type()) && operation.file().startsWith("INDEX-")) {
              throw failure.get();
            }
          }
        });
  }

  private List<String> snapshots() {
    return disk.processKill().names().stream().filter(FileNames::isSnapshot).toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "WRITE", "FORCE", "RENAME"})
  void whatever_fails_the_store_goes_on_and_tells_it_until_one_succeeds(OperationType type) {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      fail(Set.of(type), () -> new IOException("injected"));

      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(store::snapshot)
          .withMessage("The index snapshot failed: injected.")
          .returns(Reason.DISK_FAILED, NotWritableException::reason);
      assertThat(snapshots()).isEmpty();
      assertThat(store.health())
          .isEqualTo(
              new StoreHealth(
                  true, true, List.of("The index could not be written down: injected")));
      put(store, "a", "2");
      assertThat(text(store, "a")).contains("2");

      disk.listen(DiskListener.NONE);
      assertThat(store.snapshot().sequence()).isEqualTo(2);
      assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
      assertThat(snapshots()).containsExactly(FileNames.snapshot(2));
    }
  }

  @Test
  void a_full_disk_is_named_as_the_reason() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      fail(Set.of(OperationType.WRITE), () -> new DiskFullException("no space"));

      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(store::snapshot)
          .withMessage("The disk is too full for an index snapshot (no space).")
          .returns(Reason.DISK_FULL, NotWritableException::reason);
      assertThat(snapshots()).isEmpty();
    }
  }

  @Test
  void what_cannot_be_removed_goes_when_the_store_is_opened_again() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      fail(Set.of(OperationType.FORCE, OperationType.DELETE), () -> new IOException("injected"));

      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(store::snapshot)
          .withMessageContaining("injected");
      assertThat(snapshots()).containsExactly(FileNames.snapshotTemporary(1));
    }
    disk.listen(DiskListener.NONE);

    Stores.open(disk).close();

    assertThat(snapshots()).containsExactly(FileNames.snapshot(1));
  }

  @Test
  void a_failure_to_remove_it_is_told_with_the_failure_before_that() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      disk.listen(
          new DiskListener() {
            @Override
            public void before(Operation operation) throws IOException {
              if (operation.file().startsWith("INDEX-")) {
                switch (operation.type()) {
                  case FORCE -> throw new IOException("force");
                  case DELETE -> throw new IOException("removal");
                  default -> {}
                }
              }
            }
          });

      assertThatExceptionOfType(NotWritableException.class)
          .isThrownBy(store::snapshot)
          .havingCause()
          .withMessage("force")
          .satisfies(cause ->
              assertThat(cause.getSuppressed()).singleElement(THROWABLE).hasMessage("removal"));
      disk.listen(DiskListener.NONE);
    }
  }

  @Test
  void one_that_was_due_costs_no_write_when_it_fails() {
    EngineOptions options = Stores.SMALL_SEGMENTS.withSnapshotBytes(4 << 10);
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.NONE)) {
      fail(Set.of(OperationType.CREATE), () -> new IOException("injected"));
      for (int i = 0; i < 100; i++) {
        put(store, "key-" + i, "x".repeat(100));
      }
      assertThat(snapshots()).isEmpty();
      assertThat(store.health().problems())
          .containsExactly("The index could not be written down: injected");
      assertThat(text(store, "key-99")).isPresent();
      disk.listen(DiskListener.NONE);
    }
    assertThat(snapshots()).containsExactly(FileNames.snapshot(100));
  }

  @Test
  void the_end_of_a_store_that_holds_nothing_takes_none() {
    Stores.open(disk).close();

    assertThat(snapshots()).isEmpty();
  }

  @Test
  void the_end_of_a_store_that_was_emptied_takes_one() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "a", "1");
      store.delete(Key.of("a"));
    }

    assertThat(snapshots()).containsExactly(FileNames.snapshot(2));
  }

  @Test
  void the_end_of_a_store_whose_log_failed_takes_none() {
    SegmentedStore store = Stores.open(disk);
    put(store, "a", "1");
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.MAPPED_FORCE) {
              throw new IOException("injected");
            }
          }
        });
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> put(store, "b", "2"));
    disk.listen(DiskListener.NONE);

    store.close();

    assertThat(snapshots()).isEmpty();
  }
}
