package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {

  private final CompactionPolicy policy = new CompactionPolicy(Duration.ofSeconds(1), 2);

  private static SegmentStatistics sealed(long size, long live) {
    return new SegmentStatistics(1, false, size, live);
  }

  private static SegmentStatistics active(long size, long live) {
    return new SegmentStatistics(9, true, size, live);
  }

  private static StoreStatistics storeOf(SegmentStatistics... segments) {
    try (InMemoryKeyValueStore store = new InMemoryKeyValueStore()) {
      StoreStatistics empty = store.statistics();
      return new StoreStatistics(
          empty.keys(),
          empty.liveValueBytes(),
          empty.diskBytes(),
          List.of(segments),
          empty.lastSequence(),
          empty.durability(),
          empty.commits(),
          empty.recovery(),
          empty.lastCompaction());
    }
  }

  @Test
  void itIsDueWithEnoughSealedSegmentsOfWhichEnoughIsDead() {
    assertThat(policy.isDue(storeOf(sealed(100, 50), sealed(100, 100), active(10, 10)))).isTrue();
  }

  @Test
  void theActiveSegmentDoesNotCount() {
    assertThat(policy.isDue(storeOf(sealed(100, 0), active(100, 0)))).isFalse();
  }

  @Test
  void littleThatIsDeadIsNotWorthIt() {
    assertThat(policy.isDue(storeOf(sealed(100, 90), sealed(100, 90)))).isFalse();
    assertThat(policy.isDue(storeOf(sealed(0, 0), sealed(0, 0)))).isFalse();
  }

  @Test
  void anIntervalOfZeroTurnsItOff() {
    assertThat(new CompactionPolicy(Duration.ZERO, 2).isOn()).isFalse();
    assertThat(policy.isOn()).isTrue();
  }
}
