package io.minikv.engine.threads;

import static io.minikv.engine.threads.Breather.REST_NANOS;
import static io.minikv.engine.threads.Breather.STEPS_AT_ONCE;
import static io.minikv.engine.threads.Breather.WORK_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a thread rests, by a clock that stands still until a test sets it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BreatherTest {

  /** Clocks of this kind may start anywhere, and wrap round. */
  private long now = Long.MAX_VALUE - WORK_NANOS / 2;

  private int looks;
  private final List<Long> rests = new ArrayList<>();
  private boolean hurries;
  private final Breather breather =
      new Breather(REST_NANOS, () -> hurries, this::look, this::pause);

  @Test
  void the_clock_is_looked_at_once_in_many_steps() {
    looks = 0;
    breathe(STEPS_AT_ONCE - 1);
    assertThat(looks).isZero();
    breathe(1);
    assertThat(looks).isOne();
    breathe(10 * STEPS_AT_ONCE);
    assertThat(looks).isEqualTo(11);
  }

  @Test
  void a_rest_is_taken_when_work_took_long_enough_and_not_before() {
    now += WORK_NANOS - 1;
    breathe(STEPS_AT_ONCE);
    assertThat(rests).isEmpty();

    now++;
    breathe(STEPS_AT_ONCE);
    assertThat(rests).containsExactly(REST_NANOS);
  }

  @Test
  void work_counts_from_the_end_of_the_last_rest() {
    now += 3 * WORK_NANOS;
    breathe(2 * STEPS_AT_ONCE);
    assertThat(rests).hasSize(1);

    now += WORK_NANOS - 1;
    breathe(STEPS_AT_ONCE);
    assertThat(rests).hasSize(1);
    now++;
    breathe(STEPS_AT_ONCE);
    assertThat(rests).hasSize(2);
  }

  @Test
  void a_rest_that_is_asked_for_is_taken_at_once_and_counts_as_the_last_one() {
    now += WORK_NANOS;
    breather.rest();
    assertThat(rests).containsExactly(REST_NANOS);

    breathe(STEPS_AT_ONCE);
    assertThat(rests).hasSize(1);
  }

  @Test
  void many_steps_at_once_are_followed_by_a_look_at_the_clock() {
    breather.breatheNow();
    assertThat(rests).isEmpty();
    now += WORK_NANOS;
    breather.breatheNow();
    assertThat(rests).containsExactly(REST_NANOS);
  }

  @Test
  void a_thread_that_hurries_leaves_out_the_rest_and_takes_the_next_one() {
    now += WORK_NANOS;
    hurries = true;
    breather.breatheNow();
    assertThat(rests).isEmpty();

    hurries = false;
    now += WORK_NANOS - 1;
    breather.breatheNow();
    assertThat(rests).isEmpty();
    now++;
    breather.breatheNow();
    assertThat(rests).hasSize(1);
  }

  @Test
  void it_tells_how_long_rests_took_and_not_how_long_they_should() {
    assertThat(breather.restedNanos()).isZero();
    breather.rest();
    breather.rest();
    assertThat(breather.restedNanos()).isEqualTo(4 * REST_NANOS);
  }

  @Test
  void a_rest_is_not_the_end_of_an_interrupt() {
    Thread.currentThread().interrupt();
    Breather.resting().rest();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_thread_that_somebody_waits_for_never_rests() {
    Breather restless = Breather.restless();
    LockSupport.unpark(Thread.currentThread());
    for (int step = 0; step < 10 * STEPS_AT_ONCE; step++) {
      restless.breathe();
    }
    LockSupport.park(this); // A rest would have used up what ends this at once.
    assertThat(Thread.interrupted()).isFalse();
  }

  private long look() {
    looks++;
    return now;
  }

  private void pause(long nanos) {
    rests.add(nanos);
    now += 2 * nanos;
  }

  private void breathe(int steps) {
    for (int step = 0; step < steps; step++) {
      breather.breathe();
    }
  }
}
