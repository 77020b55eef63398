package io.minikv.engine;

import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyRange.Bound;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Version;
import io.minikv.testkit.MutableClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What one step of a sequence does.
 *
 * @param random of the step alone
 * @param mutations of the same
 */
record RandomOperations(Random random, RandomMutations mutations) {

  /** Keys that begin with each other, and bytes that are negative as a signed number. */
  private static final List<String> STEMS = List.of("a", "a\0", "ab", "b", "\u00ff");

  private static final int KEYS_PER_STEM = 5;
  private static final int MOST_BATCHED = 4;
  private static final int USUAL_LENGTH = 200;

  /** Of so many values one is longer than others, and of so many of these one has two blocks. */
  private static final int LONG_EVERY = 12;

  private static final int LONG_LENGTH = 3_000;
  private static final int TWO_BLOCKS = 66_000;

  RandomOperations(Random random, MutableClock clock) {
    this(random, new RandomMutations(random, clock));
  }

  /** All keys that there are. */
  static SortedSet<Key> keys() {
    SortedSet<Key> keys = new TreeSet<>();
    for (String stem : STEMS) {
      for (int number = 0; number < KEYS_PER_STEM; number++) {
        keys.add(key(stem, number));
      }
    }
    return keys;
  }

  Key key() {
    String stem = STEMS.get(random.nextInt(STEMS.size()));
    return key(stem, random.nextInt(KEYS_PER_STEM));
  }

  private static Key key(String stem, int number) {
    return Key.of(number == 0 ? stem : stem + number);
  }

  Mutation.Put put() {
    return mutations.put(key(), length());
  }

  private int length() {
    if (random.nextInt(LONG_EVERY) > 0) {
      return random.nextInt(USUAL_LENGTH);
    }
    return random.nextInt(2 * LONG_EVERY) > 0 ? random.nextInt(LONG_LENGTH) : TWO_BLOCKS;
  }

  /** A put of a length on both sides of a border. */
  Mutation.Put putAround(long border) {
    return mutations.put(key(), random.nextInt(2 * (int) border));
  }

  Mutation.Delete delete() {
    return Mutation.Delete.of(key());
  }

  /** A write on a condition that may hold. */
  Mutation conditional(Function<Key, Optional<Version>> versions) {
    if (random.nextInt(3) == 0) {
      Mutation.Delete delete = delete();
      return delete.onlyIf(mutations.condition(versions.apply(delete.key())));
    }
    Mutation.Put put = put();
    return put.onlyIf(mutations.condition(versions.apply(put.key())));
  }

  /** Writes of different keys, some of them on conditions. */
  List<Mutation> batch(Function<Key, Optional<Version>> versions) {
    Map<Key, Mutation> batch = new LinkedHashMap<>();
    for (int i = random.nextInt(MOST_BATCHED); i >= 0; i--) {
      Mutation mutation =
          switch (random.nextInt(6)) {
            case 0 -> conditional(versions);
            case 1 -> delete();
            default -> put();
          };
      batch.put(mutation.key(), mutation);
    }
    return new ArrayList<>(batch.values());
  }

  KeyRange range() {
    return switch (random.nextInt(5)) {
      case 0 -> KeyRange.prefix(STEMS.get(random.nextInt(STEMS.size())));
      case 1 -> new KeyRange(bound(), bound());
      case 2 -> new KeyRange(bound(), Optional.empty());
      case 3 -> new KeyRange(Optional.empty(), bound());
      default -> KeyRange.all();
    };
  }

  private Optional<Bound> bound() {
    return Optional.of(new Bound(key(), random.nextBoolean()));
  }

  ScanOptions scanOptions() {
    ScanOptions scan = random.nextBoolean() ? ScanOptions.DEFAULT : ScanOptions.DEFAULT.backwards();
    scan = random.nextInt(3) == 0 ? scan.limitedTo(random.nextInt(12)) : scan;
    return random.nextInt(3) == 0 ? scan.keysOnly() : scan;
  }
}
