package io.minikv.engine.commit;

import static io.minikv.engine.commit.AdaptiveYield.FEWEST_LEFT_OUT;
import static io.minikv.engine.commit.AdaptiveYield.GROWTH;
import static io.minikv.engine.commit.AdaptiveYield.MOST_LEFT_OUT;
import static io.minikv.engine.commit.AdaptiveYield.MOST_YIELDS;
import static io.minikv.engine.commit.AdaptiveYield.SLOW_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long a thread yields, by a clock that only yielding moves. */
class AdaptiveYieldTest {

  /** Clocks of this kind may start anywhere, and wrap round. */
  private long now = Long.MAX_VALUE - 1;

  private long nanosPerYield;
  private int yielded;
  private final AdaptiveYield yields = new AdaptiveYield(() -> now, this::letOthersRun);

  @Test
  void what_is_done_is_not_waited_for() {
    yields.await(() -> true);

    assertThat(yielded).isZero();
  }

  @Test
  void it_yields_until_it_is_done() {
    yields.await(() -> yielded == 3);

    assertThat(yielded).isEqualTo(3);
  }

  @Test
  void what_is_not_done_is_given_up_after_some_yields() {
    assertThat(yieldsOfOneWait()).isEqualTo(MOST_YIELDS);
    assertThat(yieldsOfOneWait()).isEqualTo(MOST_YIELDS);
  }

  @Test
  void it_ends_when_its_time_is_over() {
    nanosPerYield = 10;
    yields.await(() -> false, 100);

    assertThat(yielded).isEqualTo(10);
  }

  @Test
  void it_is_left_out_when_others_kept_the_processor_and_for_longer_each_time() {
    nanosPerYield = SLOW_NANOS;
    for (int leftOut = FEWEST_LEFT_OUT; leftOut <= GROWTH * MOST_LEFT_OUT; leftOut *= GROWTH) {
      assertThat(yieldsOfOneWait()).isOne();
      assertThat(waitsUntilYield()).isEqualTo(Math.min(leftOut, MOST_LEFT_OUT));
    }
  }

  @Test
  void it_is_left_out_less_often_when_it_was_quick_meanwhile() {
    nanosPerYield = SLOW_NANOS;
    yieldsOfOneWait();
    waitsUntilYield();

    nanosPerYield = 0;
    int before = yielded;
    yields.await(() -> yielded > before);

    nanosPerYield = SLOW_NANOS;
    yieldsOfOneWait();
    assertThat(waitsUntilYield()).isEqualTo(FEWEST_LEFT_OUT * GROWTH / 2);
  }

  @Test
  void what_needs_no_yield_does_not_make_yields_quick() {
    nanosPerYield = SLOW_NANOS;
    yieldsOfOneWait();
    waitsUntilYield();

    yields.await(() -> true);

    yieldsOfOneWait();
    assertThat(waitsUntilYield()).isEqualTo(FEWEST_LEFT_OUT * GROWTH);
  }

  private int yieldsOfOneWait() {
    yielded = 0;
    yields.await(() -> false);
    return yielded;
  }

  /** How many waits are left out before one that is given up, which is neither quick nor slow. */
  private int waitsUntilYield() {
    long before = nanosPerYield;
    nanosPerYield = 0;
    int count = 0;
    while (count <= MOST_LEFT_OUT && yieldsOfOneWait() == 0) {
      count++;
    }
    nanosPerYield = before;
    return count;
  }

  private void letOthersRun() {
    yielded++;
    now += nanosPerYield;
  }
}
