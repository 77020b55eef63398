package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Workload;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Which keys a thread works on, drawn before the clock runs. A number from 0 on is a read, its
 * complement a write of the same key.
 */
final class Picks {

  /** How keys are drawn. */
  enum Distribution {
    /** Each as often as any other. */
    UNIFORM,
    /** A few very often, as YCSB does by default, spread over all keys. */
    ZIPFIAN
  }

  private static final double SKEW = 0.99;

  private Picks() {}

  /** Reads of any keys. */
  static int[] uniform(int count, int keys, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return fill(count, () -> random.nextInt(keys));
  }

  /**
   * Reads and writes.
   *
   * @param writes the share of them, from 0 to 1
   */
  static int[] mixed(Distribution distribution, int count, int keys, double writes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    IntSupplier numbers =
        switch (distribution) {
          case UNIFORM -> () -> random.nextInt(keys);
          case ZIPFIAN -> zipfian(keys, random);
        };
    return fill(
        count,
        () -> {
          int number = numbers.getAsInt();
          return random.nextDouble() < writes ? ~number : number;
        });
  }

  private static int[] fill(int count, IntSupplier numbers) {
    int[] picks = new int[count];
    for (int i = 0; i < count; i++) {
      picks[i] = numbers.getAsInt();
    }
    return picks;
  }

  /**
   * The scrambled generator of YCSB: Gray and others, "Quickly generating billion-record synthetic
   * databases", 1994; the ranks are then scattered over all keys.
   */
  private static IntSupplier zipfian(int keys, SplittableRandom random) {
    double zeta = zeta(keys);
    double alpha = 1 / (1 - SKEW);
    double eta = (1 - Math.pow(2.0 / keys, 1 - SKEW)) / (1 - zeta(2) / zeta);
    double second = 1 + Math.pow(0.5, SKEW);
    return () -> {
      double drawn = random.nextDouble();
      double scaled = drawn * zeta;
      long rank;
      if (scaled < 1) {
        rank = 0;
      } else if (scaled < second) {
        rank = 1;
      } else {
        rank = (long) (keys * Math.pow(eta * drawn - eta + 1, alpha));
      }
      return (int) Long.remainderUnsigned(Workload.mix(rank + 1), keys);
    };
  }

  private static double zeta(int count) {
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += 1 / Math.pow(i, SKEW);
    }
    return sum;
  }
}
