package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a group takes effect, what it leaves when it fails, and when its inputs go. */
class CompactionGroupTest {

  private static final CompactionSettings SETTINGS =
      new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.1, 0);
  private static final long VALUE_FILE = 1_000;
  private static final long SEED = 20_250_101;

  private SmallStore store;
  private Compactor compactor;
  private Segment input;
  private List<String> filesBefore = List.of();

  /** A segment with live records, overwritten ones, and a tombstone that may go. */
  @BeforeEach
  void createInput() throws IOException {
    store = new SmallStore(new SimulatedDisk());
    compactor = store.compactor(SETTINGS, new WriterPace(1, () -> 0, _ -> {}));
    store.put("deleted", 100);
    store.put("overwritten", 500);
    store.put("a", 200);
    store.put("b", 200);
    store.put("c", 200);
    store.delete("deleted");
    input = store.roll();
    store.put("overwritten", 500);
    filesBefore = store.disk().list();
  }

  private void listen(DiskListener listener) {
    store.disk().listen(listener);
  }

  private void assertNothingHasChanged() throws IOException {
    listen(DiskListener.NONE);
    assertThat(store.disk().list())
        .filteredOn(name -> !name.equals(FileNames.MANIFEST_TEMPORARY))
        .isEqualTo(filesBefore);
    assertThat(store.complete()).containsExactly(input);
    assertThat(store.usedBytes()).as("also by what is open still").isEqualTo(store.bytesOfFiles());
    assertThat(store.pipeline().failure()).isNull();
    assertHoldsAll(store);
  }

  private static void assertHoldsAll(SmallStore store) throws IOException {
    for (String key : new String[] {"a", "b", "c", "overwritten"}) {
      assertThat(store.holds(key)).as(key).isTrue();
    }
    assertThat(store.holds("deleted")).isFalse();
  }

  // ---- taking effect

  @Test
  void the_files_of_the_inputs_go_and_those_of_the_copies_stay() throws IOException {
    compactor.compactDue();

    assertThat(store.disk().list())
        .doesNotContain(input.name(), FileNames.keys(input.fileNumber()))
        .contains(store.complete().getFirst().name());
    assertThat(store.usedBytes()).as("also by what is open still").isEqualTo(store.bytesOfFiles());
    assertHoldsAll(store);
    assertHoldsAll(store.reopened());
  }

  @Test
  void the_files_of_inputs_stay_open_while_somebody_reads_them() throws IOException {
    assertThat(input.pin()).isTrue();

    compactor.compactDue();

    assertThat(store.usedBytes()).isGreaterThan(store.bytesOfFiles());
    input.unpin();
    assertThat(store.usedBytes()).isEqualTo(store.bytesOfFiles());
  }

  @Test
  void value_files_go_that_only_dead_records_named() throws IOException {
    store.disk().create(FileNames.value(VALUE_FILE)).close();
    store.table().values().name(input.fileNumber(), VALUE_FILE, 1, 100);
    store.table().values().markDead(VALUE_FILE);

    compactor.compactDue();

    assertThat(store.disk().exists(FileNames.value(VALUE_FILE))).isFalse();
  }

  @Test
  void what_made_a_record_dead_is_durable_before_the_record_goes() throws IOException {
    compactor.compactDue();

    for (CrashState state : store.disk().crashStates(new Random(SEED), 20)) {
      assertHoldsAll(new SmallStore(SimulatedDisk.from(state.image())));
    }
  }

  // ---- failing

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "WRITE", "FORCE", "MAPPED_FORCE", "ALLOCATE", "TRUNCATE"})
  void a_failure_before_it_takes_effect_leaves_all_as_it_was(OperationType type)
      throws IOException {
    listen(SmallStore.failing(type, () -> new IOException("failed at " + type)));

    assertThatIOException()
        .isThrownBy(compactor::compactDue)
        .withMessageContaining("failed at " + type);

    assertNothingHasChanged();
    assertThat(compactor.compactDue()).isPresent();
  }

  @Test
  void a_manifest_that_the_disk_has_no_space_for_leaves_all_as_it_was() throws IOException {
    listen(SmallStore.failing(OperationType.RENAME, () -> new DiskFullException("no space")));

    assertThatExceptionOfType(NotWritableException.class).isThrownBy(compactor::compactDue);

    assertNothingHasChanged();
  }

  @Test
  void a_manifest_that_may_list_the_copies_keeps_them_and_stops_all_writes() throws IOException {
    listen(SmallStore.failing(OperationType.RENAME, () -> new IOException("perhaps renamed")));

    assertThatIOException().isThrownBy(compactor::compactDue).withMessage("perhaps renamed");
    listen(DiskListener.NONE);

    assertThat(store.pipeline().failure()).hasMessageContaining("perhaps renamed");
    List<String> copies = new ArrayList<>(store.disk().list());
    copies.removeAll(filesBefore);
    assertThat(copies).anyMatch(name -> FileNames.segmentNumber(name).isPresent());
    assertHoldsAll(store.reopened());
    for (String copy : copies) {
      store.disk().delete(copy);
    }
    assertThat(store.usedBytes()).as("of copies that are open").isEqualTo(store.bytesOfFiles());
    assertThat(compactor.compactDue()).as("a store that has failed is left alone").isEmpty();
  }

  @Test
  void what_could_not_be_removed_is_told_with_what_failed() throws IOException {
    List<OperationType> failing = List.of(OperationType.MAPPED_FORCE, OperationType.DELETE);
    listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (failing.contains(operation.type())) {
              throw new IOException("failed at " + operation.type());
            }
          }
        });

    assertThatIOException()
        .isThrownBy(compactor::compactDue)
        .withMessage("failed at MAPPED_FORCE")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("failed at DELETE"));
    listen(DiskListener.NONE);

    assertHoldsAll(store);
    assertHoldsAll(store.reopened());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void files_of_inputs_that_could_not_be_removed_go_with_the_next_run(boolean inBackground)
      throws IOException {
    listen(SmallStore.failing(OperationType.DELETE, () -> new IOException("failed")));
    assertThatIOException().isThrownBy(compactor::compactDue).withMessage("failed");
    listen(DiskListener.NONE);
    assertThat(store.complete()).doesNotContain(input);
    assertThat(store.disk().list()).contains(input.name());

    if (inBackground) {
      compactor.compactDue();
    } else {
      compactor.compact(ProgressListener.NONE);
    }

    assertThat(store.disk().list()).doesNotContain(input.name());
    assertHoldsAll(store);
  }

  @Test
  void live_records_that_no_key_file_tells_of_are_never_lost() throws IOException {
    input.addLiveBytes(8);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(compactor::compactDue)
        .withMessageContaining("has live records that were not found in it");

    assertNothingHasChanged();
  }

  @Test
  void a_tombstone_stays_when_older_records_come_while_it_is_left_out() throws IOException {
    Segment older = new Segments().create(77, 1, 1);
    listen(SmallStore.onFirst(OperationType.CREATE, () -> store.table().segments().add(older)));

    assertThatIOException()
        .isThrownBy(compactor::compactDue)
        .withMessage("segments with older records were added meanwhile");

    store.table().segments().replace(List.of(older), List.of());
    assertNothingHasChanged();
  }

  // ---- closing

  @Test
  void nothing_more_is_copied_when_the_store_is_closed() throws IOException {
    listen(SmallStore.onFirst(OperationType.CREATE, compactor::close));

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(compactor::compactDue);

    assertNothingHasChanged();
  }

  @Test
  void nothing_takes_effect_when_the_store_is_closed_after_all_was_copied() throws IOException {
    listen(SmallStore.onFirst(OperationType.MAPPED_FORCE, compactor::close));

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(compactor::compactDue);

    assertNothingHasChanged();
  }
}
