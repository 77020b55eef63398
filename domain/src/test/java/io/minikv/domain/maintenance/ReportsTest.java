package io.minikv.domain.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What reports derive from their figures. */
class ReportsTest {

  private static final CommitStatistics COMMITS = new CommitStatistics(9, 12, 4, 6);

  @Test
  void writesPerForceIsAnAverageOverWritesThatWereForced() {
    assertThat(COMMITS.writesPerForce()).isEqualTo(1.5);
  }

  @Test
  void withoutAForceThereAreNoWritesPerForce() {
    assertThat(new CommitStatistics(9, 9, 0, 0).writesPerForce()).isZero();
  }

  @Test
  void theRateOfFilterHitsIsThatOfTheChecks() {
    assertThat(new FilterStatistics(8, 6).hitRate()).isEqualTo(0.75);
    assertThat(FilterStatistics.NONE.hitRate()).isZero();
  }

  @Test
  void aCompactionReclaimsWhatTheStoreLost() {
    assertThat(compaction(100, 30).reclaimedBytes()).isEqualTo(70);
  }

  @Test
  void aCompactionBesideWhichTheStoreGrewReclaimsNothing() {
    assertThat(compaction(30, 100).reclaimedBytes()).isZero();
  }

  private static CompactionReport compaction(long before, long after) {
    return new CompactionReport(Instant.EPOCH, Duration.ZERO, 2, 1, before, after, 3, 4);
  }

  @Test
  void theBytesOfAStoreAreThoseOfItsSegments() {
    StoreStatistics statistics =
        new StoreStatistics(
            3,
            40,
            900,
            List.of(
                new SegmentStatistics(1, false, 100, 60), new SegmentStatistics(2, true, 50, 5)),
            7,
            Durability.ALWAYS,
            COMMITS,
            new FilterStatistics(8, 6),
            new RecoveryReport(
                Instant.EPOCH, Duration.ZERO, RecoveryReport.Outcome.CLEAN, 3, 3, List.of()),
            Optional.empty());

    assertThat(statistics.liveBytes()).isEqualTo(65);
    assertThat(statistics.deadBytes()).isEqualTo(85);
  }

  @Test
  void aStoreIsHealthyWhenNothingIsWrong() {
    assertThat(StoreHealth.HEALTHY.isHealthy()).isTrue();
    assertThat(new StoreHealth(false, true, List.of()).isHealthy()).isFalse();
    assertThat(new StoreHealth(true, false, List.of()).isHealthy()).isFalse();
    assertThat(new StoreHealth(true, true, List.of("a torn end")).isHealthy()).isFalse();
  }

  @Test
  void aVerificationIsCleanWithoutDamage() {
    Damage damage = new Damage("1.log", 64, 8, Optional.empty(), "has no frame there");

    assertThat(verification(List.of()).isClean()).isTrue();
    assertThat(verification(List.of(damage)).isClean()).isFalse();
  }

  private static VerificationReport verification(List<Damage> damages) {
    return new VerificationReport(1, 100, 2, damages, Duration.ZERO);
  }
}
