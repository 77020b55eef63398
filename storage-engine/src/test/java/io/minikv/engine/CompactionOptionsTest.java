package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.InvalidRequestException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionOptionsTest {

  @Test
  void a_store_compacts_by_itself_unless_its_interval_is_0() {
    assertThat(CompactionOptions.DEFAULT.isInBackground()).isTrue();
    assertThat(CompactionOptions.ON_DEMAND.isInBackground()).isFalse();
    assertThat(CompactionOptions.ON_DEMAND)
        .isEqualTo(CompactionOptions.DEFAULT.withInterval(Duration.ZERO));
  }

  @Test
  void each_option_is_set_without_a_change_of_the_others() {
    CompactionOptions options =
        CompactionOptions.DEFAULT
            .withInterval(Duration.ofSeconds(7))
            .withThreshold(8)
            .withDeadRatio(0.25)
            .withBytesPerSecond(1 << 20);

    assertThat(options).isEqualTo(new CompactionOptions(Duration.ofSeconds(7), 8, 0.25, 1 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.000999999S", "PT8760H0.000000001S"})
  void an_interval_has_1_ms_to_365_days(Duration interval) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CompactionOptions.DEFAULT.withInterval(interval))
        .withMessage(
            "The interval of compactions is 0 or lies between 1 ms and 365 days, not at "
                + interval
                + ".");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 1_000_001, Integer.MAX_VALUE})
  void a_threshold_has_1_to_1000000_segments(int threshold) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CompactionOptions.DEFAULT.withThreshold(threshold))
        .withMessage(
            "The threshold of compactions lies between 1 and 1000000 segments, not at "
                + threshold
                + ".");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0, 0.0499, 0.9501, 1, Double.NaN})
  void a_dead_ratio_lies_between_0_05_and_0_95(double ratio) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CompactionOptions.DEFAULT.withDeadRatio(ratio))
        .withMessage(
            "The dead ratio of compactions lies between 0.05 and 0.95, not at " + ratio + ".");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 1, 65_535})
  void a_limit_of_writes_has_64_kib_a_second_or_is_none(long bytesPerSecond) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> CompactionOptions.DEFAULT.withBytesPerSecond(bytesPerSecond))
        .withMessage(
            "Compactions write without a limit (0), or at least 65536 bytes per second, not "
                + bytesPerSecond
                + ".");
  }

  @Test
  void the_ends_of_the_ranges_are_allowed() {
    assertThat(new CompactionOptions(Duration.ofMillis(1), 1, 0.05, 65_536).isInBackground())
        .isTrue();
    assertThat(
            new CompactionOptions(Duration.ofDays(365), 1_000_000, 0.95, Long.MAX_VALUE)
                .isInBackground())
        .isTrue();
  }
}
