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
