package io.minikv.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnapshotPaceTest {

  /**
   * A snapshot of so many keys takes a block of 8 + 16 * 1,000 bytes: it is worth 64,032 of log.
   */
  private static final long KEYS = 1_000;

  private static final long WORTH_IT = 64_032;

  private long appended = 5_000;

  private SnapshotPace pace(long leastBytes, long replayedBytes, long keys) {
    return new SnapshotPace(leastBytes, () -> appended, replayedBytes, keys);
  }

  @Test
  void one_is_due_after_the_least_distance_when_there_are_few_keys() {
    SnapshotPace pace = pace(100_000, 0, KEYS);

    appended += 99_999;
    assertThat(pace.isDue()).isFalse();
    appended++;
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void one_is_due_after_four_times_what_it_takes_when_there_are_many_keys() {
    SnapshotPace pace = pace(1_000, 0, KEYS);

    appended += WORTH_IT - 1;
    assertThat(pace.isDue()).isFalse();
    appended++;
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void the_distance_begins_anew_with_each_of_them() {
    SnapshotPace pace = pace(1_000, 0, 0);
    appended += 1_000;
    pace.begin(KEYS);

    assertThat(pace.isDue()).isFalse();
    appended += WORTH_IT;
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void what_was_read_at_the_opening_counts() {
    assertThat(pace(100_000, 99_999, KEYS).isDue()).isFalse();
    assertThat(pace(100_000, 100_000, KEYS).isDue()).isTrue();
  }

  @Test
  void what_a_compaction_wrote_counts_and_the_least_distance_does_not_then() {
    SnapshotPace pace = pace(1_000_000, 0, KEYS);

    assertThat(pace.compacted(WORTH_IT - 1, KEYS)).isFalse();
    assertThat(pace.isDue()).isFalse();
    assertThat(pace.compacted(1, KEYS)).isTrue();
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void what_a_compaction_wrote_brings_the_next_one_nearer() {
    SnapshotPace pace = pace(1_000_000, 0, KEYS);
    assertThat(pace.compacted(60_000, KEYS)).isFalse();

    appended += 1_000_000 - 60_000 - 1;
    assertThat(pace.isDue()).isFalse();
    appended++;
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void one_that_is_not_possible_is_due_again_after_an_eighth_of_the_least_distance() {
    SnapshotPace pace = pace(80_000, 80_000, 0);
    assertThat(pace.isDue()).isTrue();

    pace.postpone();

    appended += 9_999;
    assertThat(pace.isDue()).isFalse();
    appended++;
    assertThat(pace.isDue()).isTrue();
  }
}
