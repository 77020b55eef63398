package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.StoreLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
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
    InstantSource clock = () -> Instant.EPOCH;

    assertThat(
            EngineOptions.DEFAULT
                .withDurability(Durability.OS)
                .withForceInterval(Duration.ofMillis(7))
                .withSegmentBytes(8192)
                .withReserveSegments(5)
                .withCompaction(CompactionOptions.ON_DEMAND)
                .withFilterRate(0.125)
                .withSnapshotBytes(1 << 20)
                .withLimits(limits)
                .withLongestLoggedBytes(100)
                .withCompression(Compression.LZ4)
                .withLeastCompressedBytes(200)
                .withClock(clock))
        .isEqualTo(
            new EngineOptions(
                Durability.OS,
                Duration.ofMillis(7),
                8192,
                5,
                CompactionOptions.ON_DEMAND,
                0.125,
                1 << 20,
                limits,
                100,
                Compression.LZ4,
                200,
                clock));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4095, (4L << 30) + 1, Long.MAX_VALUE})
  void a_segment_has_4_kib_to_4_gib(long bytes) {
    assertRefused(
        options -> options.withSegmentBytes(bytes),
        "The size of a segment lies between 4 KiB and 4 GiB, not at " + bytes + " bytes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0S", "PT0.0009S", "PT1H0.001S"})
  void a_force_interval_has_1_ms_to_1_hour(Duration interval) {
    assertRefused(
        options -> options.withForceInterval(interval),
        "The force interval lies between 1 ms and 1 hour, not at " + interval + ".");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4095, (1L << 40) + 1, Long.MAX_VALUE})
  void between_two_snapshots_lie_4_kib_to_1_tib_of_log(long bytes) {
    assertRefused(
        options -> options.withSnapshotBytes(bytes),
        "The bytes of log between two snapshots lie between 4 KiB and 1 TiB, not at "
            + bytes
            + ".");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 65, Integer.MAX_VALUE})
  void a_reserve_has_0_to_64_segments(int segments) {
    assertRefused(
        options -> options.withReserveSegments(segments),
        "The reserve lies between 0 and 64 segments, not at " + segments + ".");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, (64 << 20) + 1, Long.MAX_VALUE})
  void a_streamed_value_in_the_log_has_64_mib_at_most(long bytes) {
    assertRefused(
        options -> options.withLongestLoggedBytes(bytes),
        "The greatest length of a streamed value in the log lies between 0 and 64 MiB, not at "
            + bytes
            + " bytes.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0, 0.00009, 0.500001, 1, Double.NaN})
  void a_rate_of_filters_lies_between_0_0001_and_0_5(double rate) {
    assertRefused(
        options -> options.withFilterRate(rate),
        "The rate of false positives of filters lies between 1.0E-4 and 0.5, not at " + rate + ".");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 63, (1 << 20) + 1, Integer.MAX_VALUE})
  void the_smallest_compressed_value_has_64_bytes_to_1_mib(int bytes) {
    assertRefused(
        options -> options.withLeastCompressedBytes(bytes),
        "The smallest length of a compressed value lies between 64 bytes and 1 MiB, not at "
            + bytes
            + " bytes.");
  }

  private static void assertRefused(UnaryOperator<EngineOptions> change, String message) {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> change.apply(EngineOptions.DEFAULT))
        .withMessage(message);
  }

  @Test
  void the_ends_of_the_ranges_are_allowed() {
    EngineOptions least =
        EngineOptions.DEFAULT
            .withForceInterval(Duration.ofMillis(1))
            .withSegmentBytes(4096)
            .withSnapshotBytes(4096)
            .withReserveSegments(0)
            .withLongestLoggedBytes(0)
            .withFilterRate(0.0001)
            .withLeastCompressedBytes(64);
    EngineOptions most =
        least
            .withForceInterval(Duration.ofHours(1))
            .withSegmentBytes(4L << 30)
            .withSnapshotBytes(1L << 40)
            .withReserveSegments(64)
            .withLongestLoggedBytes(64 << 20)
            .withFilterRate(0.5)
            .withLeastCompressedBytes(1 << 20);

    assertThat(least.reserveSegments()).isZero();
    assertThat(most.reserveSegments()).isEqualTo(64);
  }
}
