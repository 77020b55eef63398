package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.adapter.http.HttpServerConfig.Limits;
import io.minikv.adapter.http.HttpServerConfig.Timeouts;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HttpServerConfigTest {

  @Test
  void theDefaultsAreThoseOfTheBase() {
    assertThat(HttpServerConfig.DEFAULT.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(HttpServerConfig.DEFAULT.port()).isEqualTo(9002);
    assertThat(HttpServerConfig.DEFAULT.volumeId()).isEqualTo("vol-1");
    assertThat(HttpServerConfig.DEFAULT.limits().maxRequestBytes()).isEqualTo(100L * 1_048_576);
  }

  @Test
  void whatIsOutOfRangeIsRefusedWithTheRange() {
    refused("A port lies between 0 and 65535", () -> HttpServerConfig.DEFAULT.withPort(65_536));
    refused("A port lies between 0 and 65535", () -> HttpServerConfig.DEFAULT.withPort(-1));
    refused("address to listen on is empty", () -> HttpServerConfig.DEFAULT.withBindAddress(" "));
    refused("volume id is empty", () -> HttpServerConfig.DEFAULT.withVolumeId(""));
    refused("greatest request", () -> Limits.DEFAULT.withMaxRequestBytes(-1));
    refused("must fit", () -> new Limits(10, 9, 1, 1));
    refused("At least one request", () -> new Limits(10, 10, 0, 1));
    refused("At least one connection", () -> new Limits(10, 10, 1, 0));
    refused("The drain", () -> Timeouts.DEFAULT.withDrain(Duration.ofSeconds(-1)));
    refused(
        "request head",
        () -> new Timeouts(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO));
  }

  @Test
  void aGreaterRequestMakesRoomForItself() {
    assertThat(Limits.DEFAULT.withMaxRequestBytes(1 << 30).maxBodyBytesInFlight())
        .isEqualTo(1 << 30);
  }

  private static void refused(String message, ThrowingCallable attempt) {
    assertThatThrownBy(attempt)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
