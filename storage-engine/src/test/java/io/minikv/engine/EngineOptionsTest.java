package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.StoreLimits;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionsTest {

  @Test
  void the_defaults_lose_nothing() {
    assertThat(EngineOptions.DEFAULT.durability()).isEqualTo(Durability.ALWAYS);
    assertThat(EngineOptions.DEFAULT.segmentBytes()).isEqualTo(64 << 20);
    assertThat(EngineOptions.DEFAULT.limits()).isEqualTo(StoreLimits.DEFAULT);
  }

  @Test
  void each_option_is_set_without_a_change_of_the_others() {
    StoreLimits limits = new StoreLimits(1, 2, 3);
    EngineOptions options =
        EngineOptions.DEFAULT
            .withDurability(Durability.OS)
            .withForceInterval(Duration.ofMillis(7))
            .withSegmentBytes(8192)
            .withLimits(limits)
            .withClock(() -> Instant.EPOCH);

    assertThat(options.durability()).isEqualTo(Durability.OS);
    assertThat(options.forceInterval()).isEqualTo(Duration.ofMillis(7));
    assertThat(options.segmentBytes()).isEqualTo(8192);
    assertThat(options.limits()).isEqualTo(limits);
    assertThat(options.clock().instant()).isEqualTo(Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4095, (4L << 30) + 1, Long.MAX_VALUE})
  void a_segment_has_4_kib_to_4_gib(long bytes) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> EngineOptions.DEFAULT.withSegmentBytes(bytes))
        .withMessage(
            "The size of a segment lies between 4 KiB and 4 GiB, not at " + bytes + " bytes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0S", "PT0.0009S", "PT1H0.001S"})
  void a_force_interval_has_1_ms_to_1_hour(Duration interval) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> EngineOptions.DEFAULT.withForceInterval(interval))
        .withMessage("The force interval lies between 1 ms and 1 hour, not at " + interval + ".");
  }

  @Test
  void the_ends_of_the_ranges_are_allowed() {
    EngineOptions.DEFAULT.withSegmentBytes(4096).withSegmentBytes(4L << 30);
    assertThat(
            EngineOptions.DEFAULT
                .withForceInterval(Duration.ofMillis(1))
                .withForceInterval(Duration.ofHours(1))
                .forceInterval())
        .isEqualTo(Duration.ofHours(1));
  }
}
