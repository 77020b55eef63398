package io.minikv.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  /** Every run tries the same hashes. */
  private static final long SEED = 20_250_101;

  @ParameterizedTest
  @CsvSource({
    "1000,    0.01,  100, 20000",
    "1000,    0.001, 100, 100000",
    "1000,    0.1,   50,  10000",
    "20000,   0.01,  5,   200000",
    "1000000, 0.01,  1,   2000000",
    "1000000, 0.05,  1,   1000000",
  })
  void the_measured_rate_is_within_a_fifth_of_the_set_one(
      int keys, double rate, int filters, int probesOfEach) {
    SplittableRandom random = new SplittableRandom(SEED);
    FilterShape shape = new FilterSizing(rate).shapeFor(keys);
    long falsePositives = 0;
    for (int i = 0; i < filters; i++) {
      byte[] bits = filled(shape, keys, random);
      for (int j = 0; j < probesOfEach; j++) {
        falsePositives += mayContain(shape, bits, random.nextLong()) ? 1 : 0;
      }
    }
    double measured = falsePositives / ((double) filters * probesOfEach);

    assertThat(measured).as("%s for %d keys", shape, keys).isCloseTo(rate, within(rate / 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 50, 100, 1_000, 100_000})
  void every_added_hash_is_found(int keys) {
    FilterShape shape = new FilterSizing(0.01).shapeFor(keys);
    byte[] bits = filled(shape, keys, new SplittableRandom(SEED));

    SplittableRandom again = new SplittableRandom(SEED);
    for (int i = 0; i < keys; i++) {
      assertThat(mayContain(shape, bits, again.nextLong())).isTrue();
    }
  }

  @Test
  void an_empty_filter_contains_nothing() {
    FilterShape shape = new FilterSizing(0.01).shapeFor(0);

    assertThat(shape.blocks()).isEqualTo(1);
    assertThat(mayContain(shape, new byte[shape.length()], 42)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.01, 12", "0.001, 18", "0.1, 6"})
  void a_filter_takes_few_bits_a_key(double rate, double mostBitsPerKey) {
    long keys = 1_000_000;
    FilterShape shape = new FilterSizing(rate).shapeFor(keys);

    assertThat(8.0 * shape.length() / keys).isLessThan(mostBitsPerKey);
  }

  @Test
  void the_computed_rate_is_that_of_a_classic_filter_where_there_is_one_block() {
    double set = 1 - Math.pow(1 - 1 / 512.0, 40 * 6);

    assertThat(FilterSizing.rate(40, 1, 6)).isCloseTo(Math.pow(set, 6), within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"10, 3, 1", "64, 2, 16", "300, 7, 4"})
  void the_computed_rate_is_the_mean_over_what_a_block_may_hold(int keys, int blocks, int probes) {
    double chance = Math.pow(1 - 1.0 / blocks, keys); // That none of the keys is in a block.
    double mean = 0;
    for (int inBlock = 0; inBlock <= keys; inBlock++) {
      double set = 1 - Math.pow(1 - 1 / 512.0, inBlock * probes);
      mean += chance * Math.pow(set, probes);
      chance *= (keys - inBlock) / ((inBlock + 1.0) * (blocks - 1));
    }

    assertThat(FilterSizing.rate(keys, blocks, probes)).isCloseTo(mean, within(1e-10));
  }

  /** What stores already have: filters of other shapes would be made anew, and not be better. */
  @ParameterizedTest
  @CsvSource({
    "0,          0.0001, 1,        13",
    "39,         0.0001, 2,        10",
    "55,         0.0001, 3,        10",
    "1000,       0.0001, 43,       14",
    "1000000,    0.0001, 42796,    12",
    "3000000000, 0.0001, 33554430, 12",
    "300,        0.001,  9,        10",
    "40000,      0.001,  1210,     9",
    "20,         0.01,   1,        7",
    "54,         0.01,   2,        4",
    "300,        0.01,   6,        5",
    "1000,       0.01,   21,       4",
    "5000,       0.01,   98,       8",
    "40000,      0.01,   773,      7",
    "60000,      0.01,   1160,     6",
    "1000,       0.05,   13,       3",
    "300,        0.1,    3,        5",
    "300,        0.5,    1,        1",
    "1000,       0.5,    3,        1",
    "1000000,    0.5,    2818,     1",
  })
  void keys_and_rate_tell_the_shape(long keys, double rate, int blocks, int probes) {
    assertThat(new FilterSizing(rate).shapeFor(keys)).isEqualTo(new FilterShape(blocks, probes));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "33554431, 1", "1, 0", "1, 17"})
  void a_shape_out_of_range_is_refused(int blocks, int probes) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> new FilterShape(blocks, probes));
  }

  @Test
  void the_rates_at_both_ends_of_the_range_are_taken() {
    assertThat(new FilterSizing(FilterSizing.LEAST_RATE).shapeFor(1).probes()).isEqualTo(13);
    assertThat(new FilterSizing(FilterSizing.GREATEST_RATE).shapeFor(1).probes()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1, Double.NaN, 0.00001})
  void a_rate_out_of_range_is_refused(double rate) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new FilterSizing(rate));
  }

  private static byte[] filled(FilterShape shape, int keys, SplittableRandom random) {
    byte[] bits = new byte[shape.length()];
    for (int i = 0; i < keys; i++) {
      shape.add(bits, random.nextLong());
    }
    return bits;
  }

  private static boolean mayContain(FilterShape shape, byte[] bits, long hash) {
    return shape.mayContain(bits, shape.block(hash) * FilterShape.BLOCK_LENGTH, hash);
  }
}
