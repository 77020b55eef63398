package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** For whom a force waits, and for how long, by a clock that only yielding moves. */
class GatheringTest {

  private long now = Long.MAX_VALUE - 1;
  private long nanosPerYield = 1;
  private int yielded;
  private final Gathering gathering =
      new Gathering(new AdaptiveYield(() -> now, this::letOthersRun));

  @Test
  void nobody_is_waited_for_before_the_first_force() {
    gathering.await(() -> 1);

    assertThat(yielded).isZero();
  }

  @Test
  void a_writer_that_was_alone_is_not_held_up() {
    gathering.forced(1, 100);
    gathering.await(() -> 1);

    assertThat(yielded).isZero();
  }

  @Test
  void those_who_waited_for_the_last_force_are_waited_for() {
    gathering.forced(5, 100);
    gathering.await(() -> 2 + yielded);

    assertThat(yielded).isEqualTo(3);
  }

  @Test
  void nobody_is_waited_for_longer_than_the_last_force_took() {
    gathering.forced(5, 20);
    gathering.await(() -> 4);

    assertThat(yielded).isEqualTo(20);
  }

  @Test
  void a_force_that_the_disk_held_up_does_not_hold_up_the_next_one_as_long() {
    gathering.forced(5, Long.MAX_VALUE);
    nanosPerYield = Gathering.MOST_NANOS / 10;
    gathering.await(() -> 4);

    assertThat(yielded).isEqualTo(10);
  }

  @Test
  void who_did_not_come_is_not_expected_any_more() {
    gathering.forced(5, 20);
    gathering.await(() -> 4);
    gathering.forced(4, 20);
    yielded = 0;

    gathering.await(() -> 4);

    assertThat(yielded).isZero();
  }

  private void letOthersRun() {
    yielded++;
    now += nanosPerYield;
  }
}
