package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Capability;
import io.minikv.domain.Cursor;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.domain.maintenance.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link StoreMaintenance} keeps, as tests. An implementation proves itself by a test
 * class that extends this one, opens its stores in {@link #openStore}, and says in {@link
 * #maintenanceOf} what maintains them.
 */
public abstract class StoreMaintenanceContract extends OpenedStore {

  /**
   * What maintains an open, or just closed, store that {@link #openStore} or {@link #reopenStore}
   * gave.
   */
  protected abstract StoreMaintenance maintenanceOf(KeyValueStore store);

  private StoreMaintenance maintenance() {
    return maintenanceOf(store());
  }

  private StoreStatistics statistics() {
    return maintenance().statistics();
  }

  // ---- statistics and health

  @Test
  void aNewStoreIsEmptyAndHealthy() {
    StoreStatistics statistics = statistics();
    assertThat(statistics.keys()).isZero();
    assertThat(statistics.liveValueBytes()).isZero();
    assertThat(statistics.lastSequence()).isZero();
    assertThat(statistics.commits().writes()).isZero();
    assertThat(statistics.filters()).isEqualTo(FilterStatistics.NONE);
    assertThat(statistics.lastCompaction()).isEmpty();
    assertThat(statistics.recovery().outcome()).isEqualTo(RecoveryReport.Outcome.CREATED);
    assertThat(statistics.recovery().keys()).isZero();
    assertThat(statistics.recovery().findings()).isEmpty();
    assertThat(maintenance().health().isHealthy()).isTrue();
  }

  @Test
  void keysAndTheirBytesAreCountedRightAfterEachWrite() {
    putSized("a", 10);
    putSized("b", 20);
    assertCounted(2, 30);
    putSized("a", 1);
    assertCounted(2, 21);
    store().delete(bytes("b"));
    assertCounted(1, 1);
    store().delete(bytes("b"));
    store().delete(bytes("never there"));
    assertCounted(1, 1);
    putSized("b", 5);
    assertCounted(2, 6);
    store().delete(bytes("a"));
    store().delete(bytes("b"));
    assertCounted(0, 0);
  }

  private void assertCounted(long keys, long valueBytes) {
    assertThat(statistics().keys()).isEqualTo(keys);
    assertThat(statistics().liveValueBytes()).isEqualTo(valueBytes);
    assertThat(store().count(KeyRange.all())).isEqualTo(keys);
  }

  @Test
  void theLastSequenceIsThatOfTheLastWrite() {
    for (int i = 0; i < 5; i++) {
      Version version = store().put(KEY, Value.of("value")).version().orElseThrow();
      assertThat(statistics().lastSequence()).isEqualTo(version.sequence());
    }
    Version deleted = store().delete(KEY).version().orElseThrow();
    assertThat(statistics().lastSequence()).isEqualTo(deleted.sequence());
  }

  @Test
  void writesAreCountedWhenTheyAreAcknowledged() {
    putAll("a", "b", "c");
    store().delete(bytes("a"));
    assertThat(statistics().commits().writes()).isEqualTo(4);
    assertThat(statistics().commits().records()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void filtersHitAtMostAsOftenAsTheyAreAsked() {
    putAll("a", "b");
    maintenance().compact(ProgressListener.NONE);
    store().delete(bytes("a"));
    putAll("b", "c");
    maintenance().compact(ProgressListener.NONE);
    assertThat(statistics().filters().hits()).isBetween(0L, statistics().filters().checks());
  }

  @Test
  void segmentsAreNotLargerThanWhatTheyHold() {
    putAll("a", "b", "a", "a");
    store().delete(bytes("b"));
    assertThat(statistics().segments())
        .allSatisfy(segment -> {
          assertThat(segment.liveBytes()).isBetween(0L, segment.sizeBytes());
          assertThat(segment.deadBytes()).isNotNegative();
        });
    assertThat(statistics().diskBytes()).isNotNegative();
  }

  @Test
  void theRecoveryTellsWhatReopeningFound() {
    requires(Capability.PERSISTENCE);
    putAll("a", "b", "a");
    reopen();
    RecoveryReport recovery = statistics().recovery();
    assertThat(recovery.outcome()).isEqualTo(RecoveryReport.Outcome.CLEAN);
    assertThat(recovery.keys()).isEqualTo(2);
    assertThat(recovery.findings()).isEmpty();
    assertThat(statistics().keys()).isEqualTo(2);
    assertThat(statistics().liveValueBytes()).isEqualTo(2L * "value of a".length());
  }

  // ---- compaction

  @Test
  void aCompactionKeepsEveryEntryAsItIs() {
    fillWithGarbage();
    List<Entry> before = entries();
    CompactionReport report = compact();
    assertThat(entries()).isEqualTo(before);
    assertThat(statistics().keys()).isEqualTo(before.size());
    assertThat(statistics().lastCompaction()).contains(report);
    assertThat(report.bytesAfter()).isLessThanOrEqualTo(report.bytesBefore());
  }

  @Test
  void aCompactionGivesDeadBytesBack() {
    for (int i = 0; i < 20; i++) {
      store().put(KEY, Value.wrap(new byte[10_000]));
    }
    CompactionReport report = compact();
    assertThat(report.reclaimedBytes()).isGreaterThanOrEqualTo(190_000);
    assertThat(report.droppedRecords()).isGreaterThanOrEqualTo(19);
    assertThat(store().get(KEY).orElseThrow().value().length()).isEqualTo(10_000);
  }

  @Test
  void deletedKeysStayAwayAfterCompactions() {
    fillWithGarbage();
    store().delete(bytes("a"));
    compact();
    compact();
    assertThat(store().exists(bytes("a"))).isFalse();
    if (store().capabilities().contains(Capability.PERSISTENCE)) {
      List<Entry> before = entries();
      reopen();
      assertThat(entries()).isEqualTo(before);
      compact();
      reopen();
      assertThat(entries()).isEqualTo(before);
    }
  }

  @Test
  void aCompactionDropsExpiredEntries() {
    requires(Capability.EXPIRY);
    putAll("stays");
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("goes"));
    store().write(put.with(Expiry.after(Duration.ofSeconds(1))));
    clock().advance(Duration.ofSeconds(1));
    compact();
    assertThat(statistics().keys()).isEqualTo(1);
    assertThat(statistics().liveValueBytes()).isEqualTo("value of stays".length());
    assertThat(entries()).extracting(Entry::key).containsExactly(bytes("stays"));
  }

  @Test
  void aCompactionOfAnEmptyStoreIsFine() {
    assertThat(compact().movedRecords()).isZero();
    assertThat(entries()).isEmpty();
  }

  @Test
  void anOpenCursorSeesNothingOfACompaction() {
    requires(Capability.CONSISTENT_VIEWS);
    fillWithGarbage();
    List<Entry> before = entries();
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      store().delete(before.get(1).key());
      compact();
      putAll("a", "zzz");
      compact();
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(before.subList(1, before.size()));
    }
  }

  @Test
  void readsAndWritesGoOnDuringCompactions() throws InterruptedException {
    AtomicBoolean finished = new AtomicBoolean();
    Together.run(
        3,
        index -> {
          if (index == 0) {
            while (!finished.get()) {
              compact();
            }
            return;
          }
          try {
            overwriteAndCheck(index);
          } finally {
            finished.set(true);
          }
        });
    assertThat(statistics().keys()).isEqualTo(store().count(KeyRange.all()));
  }

  private void overwriteAndCheck(int index) {
    for (int i = 0; i < 100; i++) {
      Key key = bytes(index + ":" + i % 7);
      Value value = Value.of("value " + i);
      store().put(key, value);
      assertThat(store().get(key).map(Entry::value)).contains(value);
      if (i % 5 == 0) {
        store().delete(key);
        assertThat(store().exists(key)).isFalse();
      }
    }
  }

  private CompactionReport compact() {
    return maintenance().compact(ProgressListener.NONE);
  }

  private void fillWithGarbage() {
    for (int i = 0; i < 5; i++) {
      putAll("a", "b", "c", "d", "e");
    }
    store().delete(bytes("c"));
    store().delete(bytes("e"));
    putAll("c");
  }

  // ---- verification

  @Test
  void aVerificationOfASoundStoreIsClean() {
    fillWithGarbage();
    VerificationReport report = maintenance().verify(ProgressListener.NONE);
    assertThat(report.isClean()).isTrue();
    assertThat(report.records()).isGreaterThanOrEqualTo(4);
    assertThat(report.bytes()).isPositive();
    assertThat(entries()).hasSize(4);
  }

  @Test
  void progressNeverGoesBack() {
    fillWithGarbage();
    List<Long> done = new ArrayList<>();
    maintenance()
        .verify((doneBytes, totalBytes) -> {
          assertThat(doneBytes).isBetween(0L, totalBytes);
          done.add(doneBytes);
        });
    assertThat(done).isSorted();
    done.clear();
    maintenance().compact((doneBytes, totalBytes) -> done.add(doneBytes));
    assertThat(done).isSorted();
  }

  // ---- snapshots and checkpoints

  @Test
  void aSnapshotIsTakenOrRefusedClearly() {
    putAll("a", "b");
    try {
      assertThat(maintenance().snapshot().keys()).isEqualTo(2);
    } catch (NotSupportedException refusal) {
      assertThat(refusal).hasMessageContaining("snapshot");
    }
    assertThat(entries()).hasSize(2);
  }

  @Test
  void aCheckpointIsMadeOrRefusedClearly(@TempDir Path directory) throws IOException {
    putAll("a", "b");
    Path target = directory.resolve("checkpoint");
    try {
      assertThat(maintenance().checkpoint(target).sequence())
          .isEqualTo(statistics().lastSequence());
    } catch (NotSupportedException refusal) {
      assertThat(refusal).hasMessageContaining("checkpoint");
      return;
    }
    Files.createDirectories(directory.resolve("taken/inside"));
    assertThatThrownBy(() -> maintenance().checkpoint(directory.resolve("taken")))
        .isInstanceOf(InvalidRequestException.class);
  }

  // ---- end

  @Test
  void afterTheEndOnlyStatisticsAndHealthAreTold(@TempDir Path directory) {
    putAll("a");
    StoreMaintenance maintenance = maintenance();
    store().close();
    assertThat(maintenance.statistics().keys()).isEqualTo(1);
    assertThat(maintenance.health().isHealthy()).isFalse();
    assertThat(maintenance.health().writable()).isFalse();
    assertClosed(() -> maintenance.compact(ProgressListener.NONE));
    assertClosed(() -> maintenance.verify(ProgressListener.NONE));
    assertClosed(maintenance::snapshot);
    assertClosed(() -> maintenance.checkpoint(directory.resolve("checkpoint")));
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StoreClosedException.class);
  }

  private void putSized(String key, int length) {
    store().put(bytes(key), Value.wrap(new byte[length]));
  }
}
