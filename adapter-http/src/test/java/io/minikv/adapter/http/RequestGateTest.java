package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestGateTest {

  private final RequestGate gate = new RequestGate(2);

  @Test
  void thoseBeyondTheLimitAreRefusedUntilOneLeaves() {
    gate.enter();
    gate.enter();
    assertThatThrownBy(gate::enter)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("More than 2 requests");
    gate.leave();
    gate.enter();
    assertThat(gate.underWay()).isEqualTo(2);
  }

  @Test
  void aClosedGateRefusesAll() {
    gate.close();
    assertThatThrownBy(gate::enter)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("shutting down");
    assertThat(gate.underWay()).isZero();
  }

  @Test
  void anEmptyGateIsIdleAtOnce() throws Exception {
    gate.close();
    assertThat(gate.awaitIdle(Duration.ZERO)).isTrue();
  }

  @Test
  void theLastOneOutEndsTheWait() throws Exception {
    gate.enter();
    gate.close();
    assertThat(gate.awaitIdle(Duration.ofMillis(10))).isFalse();
    CompletableFuture<Void> leaving = CompletableFuture.runAsync(gate::leave);
    assertThat(gate.awaitIdle(Duration.ofSeconds(10))).isTrue();
    leaving.join();
  }
}
