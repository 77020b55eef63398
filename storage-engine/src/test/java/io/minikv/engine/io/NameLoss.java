package io.minikv.engine.io;

import java.util.Random;
import java.util.function.LongPredicate;

/** What becomes of changes of names that are not durable. */
public enum NameLoss {
  /** None of them is there. */
  ALL,
  /** All of them are there. */
  NONE,
  /** Those up to some moment are there. */
  AFTER_A_MOMENT,
  /** Any of them are there. */
  ANY,
  /** One is missing. */
  ONE,
  /** Only one is there. */
  ALL_BUT_ONE;

  /** Chooses those that are there, by their order. */
  LongPredicate survivors(Random random, long[] orders) {
    long one = orders[random.nextInt(orders.length)];
    long seed = random.nextLong();
    return switch (this) {
      case ALL -> order -> false;
      case NONE -> order -> true;
      case AFTER_A_MOMENT -> order -> order < one;
      case ANY -> order -> FileContent.mix(seed, order) < 0;
      case ONE -> order -> order != one;
      case ALL_BUT_ONE -> order -> order == one;
    };
  }
}
