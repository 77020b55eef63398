package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.Value;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that were once made around forces and full disks. */
class FailedForceTest {

  private static final Key FIRST = Key.of("first");
  private static final Key SECOND = Key.of("second");
  private static final Value VALUE = Value.of("value");

  private final SimulatedDisk disk = new SimulatedDisk();

  /** The operating system takes them for written and does not write them again. */
  @Test
  void what_a_failed_force_left_in_memory_only_is_written_anew_when_the_store_is_opened() {
    SegmentedStore failing = open(disk, Durability.ALWAYS);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_HALF_DONE, 1));
    assertThatThrownBy(() -> failing.put(FIRST, VALUE)).isInstanceOf(OutcomeUnknownException.class);
    failing.close();
    disk.heal();
    boolean found;
    try (SegmentedStore store = open(disk, Durability.ALWAYS)) {
      found = store.exists(FIRST);
      store.put(SECOND, VALUE);
      try (SegmentedStore restarted = open(afterPowerCut(), Durability.ALWAYS)) {
        assertThat(restarted.exists(FIRST)).isEqualTo(found);
        assertThat(restarted.exists(SECOND)).isTrue();
      }
    }
  }

  @Test
  void a_write_that_asks_for_more_than_the_setting_of_the_store_is_forced() {
    try (SegmentedStore store = open(disk, Durability.OS)) {
      store.put(FIRST, VALUE);
      store.write(Mutation.Put.of(SECOND, VALUE), Durability.INTERVAL);
      try (SegmentedStore restarted = open(afterPowerCut(), Durability.OS)) {
        assertThat(restarted.exists(FIRST)).isTrue();
        assertThat(restarted.exists(SECOND)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writes_go_on_by_themselves_when_a_full_disk_has_space_again(boolean mappedStores) {
    SimulatedDisk small = new SimulatedDisk(new SimulatedDisk.Properties(200_000, mappedStores));
    Value large = Value.wrap(new byte[30_000]);
    try (SegmentedStore store = open(small, Durability.ALWAYS)) {
      int written = 0;
      while (store.health().isHealthy()) {
        try {
          store.put(Key.of("key-" + written), large);
          written++;
        } catch (NotWritableException e) {
          assertThat(e.reason()).isEqualTo(NotWritableException.Reason.DISK_FULL);
        }
      }
      small.setCapacity(1_000_000);
      store.put(FIRST, large);
      assertThat(store.health().isHealthy()).isTrue();
      SimulatedDisk restarted = SimulatedDisk.from(small.processKill());
      try (SegmentedStore reopened = open(restarted, Durability.ALWAYS)) {
        assertThat(reopened.exists(FIRST)).isTrue();
        assertThat(reopened.statistics().keys()).isEqualTo(written + 1L);
      }
    }
  }

  @Test
  void closed_stores_leave_no_threads_behind() {
    open(new SimulatedDisk(), Durability.ALWAYS).close();
    long before = cleaners();
    for (int i = 0; i < 20; i++) {
      open(new SimulatedDisk(), Durability.ALWAYS).close();
    }
    assertThat(cleaners()).isLessThanOrEqualTo(before);
  }

  private static long cleaners() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("Cleaner-"))
        .count();
  }

  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image());
  }

  private static SegmentedStore open(SimulatedDisk disk, Durability durability) {
    return SegmentedStore.open(
        disk,
        EngineOptions.DEFAULT.withDurability(durability).withSegmentBytes(1 << 20),
        EngineThreads.NONE);
  }
}
