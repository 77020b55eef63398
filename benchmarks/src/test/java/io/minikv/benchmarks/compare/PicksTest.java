package io.minikv.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PicksTest {

  private static final int COUNT = 100_000;
  private static final int KEYS = 1_000;

  @ParameterizedTest
  @EnumSource
  void the_share_of_writes_is_the_one_asked_for_and_all_keys_exist(
      Picks.Distribution distribution) {
    int[] picks = Picks.mixed(distribution, COUNT, KEYS, 0.05, 1);

    assertThat(Arrays.stream(picks).filter(pick -> pick < 0).count() / (double) COUNT)
        .isBetween(0.04, 0.06);
    assertThat(numbers(picks)).allMatch(number -> number >= 0 && number < KEYS);
  }

  @Test
  void zipfian_picks_take_a_few_keys_very_often() {
    assertThat(shareOfMostWanted(Picks.Distribution.ZIPFIAN)).isBetween(0.10, 0.16);
    assertThat(shareOfMostWanted(Picks.Distribution.UNIFORM)).isLessThan(0.002);
  }

  @Test
  void the_same_seed_gives_the_same_picks() {
    assertThat(Picks.uniform(10, KEYS, 3)).isEqualTo(Picks.uniform(10, KEYS, 3));
    assertThat(Picks.uniform(10, KEYS, 3)).isNotEqualTo(Picks.uniform(10, KEYS, 4));
  }

  private static double shareOfMostWanted(Picks.Distribution distribution) {
    int[] counts = new int[KEYS];
    numbers(Picks.mixed(distribution, COUNT, KEYS, 0.5, 1)).forEach(number -> counts[number]++);
    return Arrays.stream(counts).max().orElseThrow() / (double) COUNT;
  }

  private static IntStream numbers(int[] picks) {
    return Arrays.stream(picks).map(pick -> pick >= 0 ? pick : ~pick);
  }
}
