package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private long nowNanos;

  private void advance(long nanos) {
    nowNanos += nanos;
  }

  @Test
  void a_writer_is_held_up_to_the_rate() {
    Throttle throttle = new Throttle(1_000_000, () -> nowNanos, this::advance);
    for (int i = 0; i < 100; i++) {
      throttle.pay(100_000);
    }
    assertThat(nowNanos).isEqualTo(10_000_000_000L);
  }

  @Test
  void what_was_saved_up_while_idle_is_a_tenth_of_a_second_at_most() {
    Throttle throttle = new Throttle(1_000_000, () -> nowNanos, this::advance);
    nowNanos = 60_000_000_000L;
    throttle.pay(1_000_000);
    assertThat(nowNanos).isEqualTo(60_900_000_000L);
  }

  @Test
  void without_a_rate_nobody_waits() {
    new Throttle(0, () -> nowNanos, this::advance).pay(Long.MAX_VALUE);
    assertThat(nowNanos).isZero();
  }

  @Test
  void nobody_waits_for_what_was_saved_up() {
    AtomicInteger waits = new AtomicInteger();
    Throttle throttle = new Throttle(1_000_000, () -> nowNanos, _ -> waits.incrementAndGet());
    nowNanos = 60_000_000_000L;
    throttle.pay(60_000);
    throttle.pay(40_000);
    assertThat(waits).hasValue(0);
    throttle.pay(1);
    assertThat(waits).hasValue(1);
  }
}
