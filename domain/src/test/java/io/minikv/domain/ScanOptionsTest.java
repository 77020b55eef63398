package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.ScanOptions.Direction;
import io.minikv.domain.ScanOptions.Projection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScanOptionsTest {

  @Test
  void eachOptionChangesItselfAlone() {
    assertThat(
            ScanOptions.DEFAULT.backwards().limitedTo(5).keysOnly().withMaxAge(Duration.ofDays(1)))
        .isEqualTo(
            new ScanOptions(
                Direction.BACKWARDS, 5, Projection.KEYS, Optional.of(Duration.ofDays(1))));
  }

  @Test
  void aLimitIsNotNegative() {
    assertThat(ScanOptions.DEFAULT.limitedTo(0).limit()).isZero();
    assertThatThrownBy(() -> ScanOptions.DEFAULT.limitedTo(-1))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aMaximumAgeIsPositive() {
    assertThatThrownBy(() -> ScanOptions.DEFAULT.withMaxAge(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void ofTwoDurabilitiesTheStrongerCounts() {
    assertThat(Durability.OS.orStronger(Durability.INTERVAL)).isEqualTo(Durability.INTERVAL);
    assertThat(Durability.ALWAYS.orStronger(Durability.OS)).isEqualTo(Durability.ALWAYS);
  }
}
