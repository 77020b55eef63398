package io.minikv.testkit.contract;

import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations, each compared with a model. */
interface ModelContract extends StoreUnderTest {

  int OPERATIONS = 300;

  @ParameterizedTest(name = "-Dminikv.test.seed={0}")
  @MethodSource("io.minikv.testkit.contract.ModelContract#seeds")
  default void aRandomSequenceOfOperationsAgreesWithAModel(long seed) {
    IO.println("Random operations: -Dminikv.test.seed=" + seed);
    ModelRun run = new ModelRun(this, seed);
    try {
      run.run(OPERATIONS);
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError(
          "Failed at operation "
              + run.operation()
              + "; run it again with -Dminikv.test.seed="
              + seed,
          failure);
    }
  }

  /** One seed that was asked for, or new ones. */
  static LongStream seeds() {
    Long replayed = Long.getLong("minikv.test.seed");
    return replayed == null
        ? RandomGenerator.getDefault().longs(10L * Integer.getInteger("minikv.test.scale", 1))
        : LongStream.of(replayed);
  }
}
