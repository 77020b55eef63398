package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundCompactionTest {

  private static final Key KEY = Key.of("key");

  @TempDir private Path directory;
  private SegmentedStore store;

  @BeforeEach
  void openStoreOfManySegments() {
    store = SegmentedStore.open(directory, EngineOptions.DEFAULT.withSegmentBytes(4 << 10));
    for (int i = 0; i < 20; i++) {
      store.put(KEY, Value.wrap(new byte[1000]));
    }
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void gives_back_the_space_of_overwritten_values_by_itself() {
    try (BackgroundCompaction _ =
        BackgroundCompaction.start(new CompactionPolicy(Duration.ofMillis(10), 2), store)) {
      await().until(() -> store.statistics().lastCompaction().isPresent());
    }

    assertThat(store.statistics().lastCompaction())
        .hasValueSatisfying(
            (CompactionReport report) -> assertThat(report.reclaimedBytes()).isPositive());
    assertThat(store.get(KEY)).isPresent();
  }

  @Test
  void does_nothing_when_it_is_off() {
    try (BackgroundCompaction _ =
        BackgroundCompaction.start(new CompactionPolicy(Duration.ZERO, 1), store)) {
      assertThat(store.statistics().segments()).hasSizeGreaterThan(2);
    }

    assertThat(store.statistics().lastCompaction()).isEmpty();
  }
}
