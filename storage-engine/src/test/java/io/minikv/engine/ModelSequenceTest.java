package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.Tried;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Long random sequences of everything that can be done to a store, with openings, compactions and
 * crashes in between: the store always answers as a sorted map does.
 *
 * <p>A failure tells the seed of its sequence; with {@code -Dminikv.test.seed} that one is the
 * first. The system property {@code minikv.test.scale} multiplies the sequences.
 */
class ModelSequenceTest {

  private static final int SEQUENCES = 400;
  private static final int SEQUENCES_OF_THOROUGH_RUN = 10_000;
  private static final int STEPS = 200;

  /** Every run tries the same sequences, so that a commit is judged by what it changed. */
  private static final long SEED = 20_250_101;

  private static final DataLoss[] DATA_LOSSES = DataLoss.values();
  private static final NameLoss[] NAME_LOSSES = NameLoss.values();

  @Tag("brief")
  @Test
  void a_store_answers_as_a_sorted_map_does() {
    runSequences(SEQUENCES);
  }

  @Tag("thorough")
  @Test
  void very_many_stores_answer_as_a_sorted_map_does() {
    runSequences(SEQUENCES_OF_THOROUGH_RUN);
  }

  private static void runSequences(int sequences) {
    long first = Long.getLong("minikv.test.seed", SEED);
    long count = (long) sequences * Integer.getInteger("minikv.test.scale", 1);
    IO.println("%d sequences of %d steps, -Dminikv.test.seed=%d".formatted(count, STEPS, first));
    LongStream.range(first, first + count)
        .parallel()
        .forEach(
            seed -> ModelSequence.random(seed, STEPS).run(ModelSequenceTest::whatAPowerCutLeaves));
    new Tried("Model sequences")
        .count("sequences", count)
        .count("steps", count * STEPS)
        .seed(first);
  }

  static DiskImage whatAPowerCutLeaves(SimulatedDisk disk, Random random) {
    DataLoss data = DATA_LOSSES[random.nextInt(DATA_LOSSES.length)];
    NameLoss names = NAME_LOSSES[random.nextInt(NAME_LOSSES.length)];
    return disk.snapshot().state(data, names, random).image();
  }

  @Test
  void a_write_that_is_lost_is_found_and_the_sequence_is_shortened() {
    SimulatedDisk empty = new SimulatedDisk();
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed < 100; seed++) {
                ModelSequence.random(seed, STEPS).run((_, _) -> empty.processKill());
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dminikv.test.seed=")
        .hasMessageContaining("CUT_POWER")
        .satisfies(failure -> assertThat(stepsOf(failure)).isBetween(1, 4));
  }

  private static int stepsOf(Throwable failure) {
    String steps = failure.getMessage().replaceFirst("(?s).*shrunk to (\\d+) steps.*", "$1");
    return Integer.parseInt(steps);
  }
}
