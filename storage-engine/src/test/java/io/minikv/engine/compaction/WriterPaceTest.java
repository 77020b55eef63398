package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What writers wait for when compactions cannot keep up. */
class WriterPaceTest {

  private static final long MARGIN = 1_000_000;
  private static final long WRITE = 1_000;

  /** Clocks of this kind may start anywhere, and wrap round. */
  private long now = Long.MAX_VALUE - 1_000_000;

  private final List<Long> waits = new ArrayList<>();
  private final WriterPace pace = new WriterPace(MARGIN, () -> now, this::pause);

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
    pace.gaveBack(MARGIN, 1_000 * MARGIN);
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
  void when_nothing_is_left_a_byte_costs_two_hundred_nanoseconds() {
    pace.gaveBack(MARGIN, 1_000 * MARGIN);
    pace.behind(2 * WRITE);
    pace.pay(2 * WRITE);
    assertThat(waits).containsExactly(400_000L);
  }

  @Test
  void however_little_is_left_writers_may_write_a_quarter_of_what_compactions_give_back() {
    pace.gaveBack(MARGIN, 5 * MARGIN);
    pace.behind(-1_000 * MARGIN);
    pace.pay(10 * WRITE);
    assertThat(waits).containsExactly(10 * WRITE * 4 * 5);
  }

  @Test
  void a_compaction_that_gave_little_back_does_not_tell_how_fast_they_are() {
    pace.gaveBack(MARGIN, 5 * MARGIN);
    pace.gaveBack(MARGIN / 8 - 1, 9 * MARGIN);
    pace.gaveBack(0, 9 * MARGIN);
    pace.gaveBack(-MARGIN, 9 * MARGIN);
    pace.behind(-1_000 * MARGIN);
    pace.pay(10 * WRITE);
    assertThat(waits).containsExactly(200_000L);
  }

  @Test
  void who_writes_no_faster_than_that_does_not_wait() {
    pace.gaveBack(MARGIN, 5 * MARGIN);
    pace.behind(-1_000 * MARGIN);
    for (int i = 0; i < 1_000; i++) {
      pace.pay(WRITE);
      now += WRITE * 4 * 5;
    }
    assertThat(waits).isEmpty();
    assertThat(pace.hasHeldWriters()).isFalse();
  }

  @Test
  void nobody_saves_up_for_later_by_not_writing() {
    pace.behind(-1_000 * MARGIN);
    now += 1_000_000_000;
    pace.pay(10 * WRITE);
    assertThat(waits).hasSize(1);
  }

  @Test
  void waits_below_a_fifth_of_a_millisecond_are_saved_up() {
    pace.gaveBack(MARGIN, 25 * MARGIN);
    pace.behind(-MARGIN);
    pace.pay(WRITE);
    assertThat(waits).isEmpty();
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

  @Test
  void what_many_writers_owe_at_once_is_not_left_to_those_that_follow() {
    WriterPace crowded = new WriterPace(MARGIN, () -> now, waits::add); // All of them wait at once.
    crowded.behind(-1_000 * MARGIN);
    for (int i = 0; i < 1_000; i++) {
      crowded.pay(1_000 * WRITE);
    }
    now += 2_000_000;
    waits.clear();
    crowded.pay(WRITE);
    assertThat(waits).isEmpty();
  }

  @Test
  void it_is_told_once_that_a_writer_had_to_wait() {
    assertThat(pace.hasHeldWriters()).isFalse();
    pace.behind(-1_000 * MARGIN);
    pace.pay(10 * WRITE);
    assertThat(pace.hasHeldWriters()).isTrue();
    assertThat(pace.hasHeldWriters()).isFalse();
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

  private void pause(long nanos) {
    waits.add(nanos);
    now += nanos;
  }
}
