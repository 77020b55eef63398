package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {

  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final CompactionPolicy policy =
      new CompactionPolicy(new CompactionSettings(1000, 2, 0.4, 0));

  private static SegmentWeight segment(long number, long kept, long dead) {
    return new SegmentWeight(number, kept, dead, 0, number, false);
  }

  @Test
  void in_the_background_segments_are_taken_of_which_enough_is_dead() {
    SegmentWeight due = segment(1, 600, 400);
    SegmentWeight notYet = segment(2, 601, 399);
    assertThat(policy.due(List.of(due, notYet))).containsExactly(due);
  }

  @Test
  void in_the_background_nothing_is_taken_of_too_few_segments() {
    assertThat(policy.due(List.of(segment(1, 0, 1000)))).isEmpty();
  }

  @Test
  void on_demand_every_segment_is_taken_that_has_anything_to_give() {
    SegmentWeight little = segment(1, 999, 1);
    assertThat(policy.reclaimable(List.of(little, segment(2, 1000, 0)))).containsExactly(little);
  }

  @Test
  void small_segments_are_merged_when_there_are_several() {
    List<SegmentWeight> small =
        List.of(segment(1, 10, 0), segment(2, 10, 0), segment(3, 10, 0), segment(4, 10, 0));
    assertThat(policy.due(small)).isEqualTo(small);
    assertThat(policy.due(small.subList(0, 3))).isEmpty();
    assertThat(policy.reclaimable(small.subList(0, 2))).hasSize(2);
  }

  @Test
  void scattered_are_segments_of_the_log_with_anything_live() {
    SegmentWeight scattered = segment(1, 1000, 0);
    SegmentWeight ordered = new SegmentWeight(2, 1000, 0, 0, 2, true);
    assertThat(policy.scattered(List.of(scattered, ordered, segment(3, 0, 1000))))
        .containsExactly(scattered);
  }

  @Test
  void a_large_segment_is_taken_alone_though_it_has_nothing_to_give() {
    SegmentWeight scattered = segment(1, 1000, 0);
    assertThat(policy.group(List.of(scattered), 1000, NO_LIMIT)).containsExactly(scattered);
  }

  @Test
  void a_group_begins_with_the_oldest_and_writes_no_more_than_it_may() {
    SegmentWeight oldest = segment(1, 600, 400);
    SegmentWeight tooMuch = segment(2, 500, 500);
    SegmentWeight fits = segment(3, 400, 600);
    assertThat(policy.group(List.of(fits, tooMuch, oldest), 1000, NO_LIMIT))
        .containsExactly(oldest, fits);
  }

  @Test
  void key_files_take_space_too() {
    SegmentWeight small = new SegmentWeight(1, 600, 400, 100, 1, false);
    assertThat(policy.group(List.of(small), 1000, 699)).isEmpty();
    assertThat(policy.group(List.of(small), 1000, 700)).containsExactly(small);
  }

  @Test
  void a_group_takes_only_what_the_disk_has_space_for() {
    SegmentWeight large = segment(1, 600, 400);
    SegmentWeight dead = segment(2, 0, 1000);
    assertThat(policy.group(List.of(large, dead), 1000, 100)).containsExactly(dead);
    assertThat(policy.group(List.of(large), 1000, 100)).isEmpty();
  }

  @Test
  void a_small_segment_is_not_written_anew_alone() {
    assertThat(policy.group(List.of(segment(1, 10, 0)), 1000, NO_LIMIT)).isEmpty();
  }

  @Test
  void a_segment_is_small_below_an_eighth_of_the_size_at_which_segments_end() {
    List<SegmentWeight> small =
        LongStream.rangeClosed(1, 4).mapToObj(n -> segment(n, 124, 0)).toList();
    List<SegmentWeight> large =
        LongStream.rangeClosed(1, 4).mapToObj(n -> segment(n, 125, 0)).toList();
    assertThat(policy.due(small)).isEqualTo(small);
    assertThat(policy.due(large)).isEmpty();
  }

  @Test
  void a_group_on_demand_writes_four_segments_or_128_MiB_but_always_one_segment() {
    assertThat(policy.outputOnDemand()).isEqualTo(4_000);
    assertThat(ofSegments(100 << 20).outputOnDemand()).isEqualTo(128 << 20);
    assertThat(ofSegments(1 << 30).outputOnDemand()).isEqualTo(1 << 30);
  }

  private static CompactionPolicy ofSegments(long bytes) {
    return new CompactionPolicy(new CompactionSettings(bytes, 2, 0.4, 0));
  }

  @Test
  void a_group_in_the_background_writes_an_eighth_of_what_is_live() {
    assertThat(policy.outputInBackground(List.of(segment(1, 4_000, 99), segment(2, 12_000, 99))))
        .isEqualTo(2_000);
    assertThat(policy.outputInBackground(List.of(segment(1, 500, 9_000)))).isEqualTo(1_000);
    assertThat(policy.outputInBackground(List.of(segment(1, 1_000_000, 0)))).isEqualTo(4_000);
  }

  @Test
  void a_group_takes_sixteen_segments_at_most() {
    List<SegmentWeight> empty =
        LongStream.rangeClosed(1, 17).mapToObj(n -> segment(n, 0, 10)).toList();
    assertThat(policy.group(empty, 1000, NO_LIMIT)).isEqualTo(empty.subList(0, 16));
  }
}
