package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What writers wait for when compactions cannot keep up. */
class WriterPaceTest {

  private static final long MARGIN = 1_000_000;
  private static final long WRITE = 1_000;

  private final List<Long> waits = new ArrayList<>();
  private final WriterPace pace = new WriterPace(MARGIN, waits::add);

  @Test
  void writers_are_free_when_compactions_have_nothing_to_do() {
    pace.behind(-MARGIN);
    pace.caughtUp();
    write(1_000);
    assertThat(waits).isEmpty();
  }

  @Test
  void writers_are_free_while_there_is_more_left_than_the_margin() {
    pace.behind(3 * MARGIN);
    write(2 * MARGIN / WRITE);
    assertThat(waits).isEmpty();
  }

  @Test
  void the_less_is_left_the_longer_a_writer_waits_for_each_byte() {
    long half = waitedFor(MARGIN / 2);
    long none = waitedFor(0);
    long exceeded = waitedFor(-MARGIN);
    assertThat(half).isPositive().isLessThan(none);
    assertThat(none).isLessThan(exceeded);
  }

  @Test
  void what_is_written_counts_before_the_space_is_measured_again() {
    pace.behind(MARGIN + 2 * WRITE);
    write(MARGIN / WRITE);
    assertThat(waits).isNotEmpty();
    assertThat(waits.getLast()).isPositive();
  }

  @Test
  void when_nothing_is_left_a_byte_costs_a_hundred_nanoseconds() {
    pace.behind(2 * WRITE);
    pace.pay(2 * WRITE);
    assertThat(waits).containsExactly(200_000L);
  }

  @Test
  void waits_below_a_fifth_of_a_millisecond_are_saved_up() {
    pace.behind(WRITE);
    pace.pay(WRITE);
    assertThat(waits).isEmpty();
    pace.behind(WRITE);
    pace.pay(WRITE);
    assertThat(waits).containsExactly(200_000L);
  }

  @Test
  void no_write_waits_for_longer_than_two_milliseconds() {
    pace.behind(-1_000 * MARGIN);
    pace.pay(Long.MAX_VALUE / 1_000_000);
    write(1_000);
    assertThat(waits).isNotEmpty().allMatch(nanos -> nanos <= 2_000_000);
  }

  private long waitedFor(long bytesLeft) {
    waits.clear();
    pace.behind(bytesLeft);
    write(100);
    return waits.stream().mapToLong(Long::longValue).sum();
  }

  private void write(long times) {
    for (long i = 0; i < times; i++) {
      pace.pay(WRITE);
    }
  }
}
