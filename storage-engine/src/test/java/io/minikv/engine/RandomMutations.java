package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.testkit.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What random traffic writes: few keys, so that they are overwritten, and values of every kind.
 *
 * @param random chooses
 * @param clock the store's
 */
record RandomMutations(Random random, MutableClock clock) {

  private static final int KEYS = 10;
  private static final int MOST_BATCHED = 4;

  /** All that there are. */
  static SortedSet<Key> keys() {
    return IntStream.range(0, KEYS)
        .mapToObj(number -> Key.of("key-" + number))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Key key() {
    return Key.of("key-" + random.nextInt(KEYS));
  }

  /** A put of a value of that length, some of them with attributes, and some that expire. */
  Mutation.Put put(Key key, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (length % 2 == 0) { // Half of the values can be compressed.
      Arrays.fill(bytes, 0, length / 2, (byte) 'x');
    }
    Mutation.Put put = Mutation.Put.of(key, Value.wrap(bytes));
    if (random.nextInt(5) == 0) {
      put = put.with(Attributes.of("type", "text/" + random.nextInt(100)));
    }
    return switch (random.nextInt(12)) {
      case 0 -> put.with(Expiry.after(Duration.ofSeconds(1 + random.nextInt(200))));
      case 1 -> put.with(Expiry.at(clock.instant().plusSeconds(random.nextInt(200) - 20)));
      default -> put;
    };
  }

  /** Puts and deletes of a few keys. */
  List<Mutation> batch() {
    Map<Key, Mutation> batch = new LinkedHashMap<>();
    for (int i = 0; i <= 1 + random.nextInt(MOST_BATCHED); i++) {
      Key key = key();
      batch.put(
          key, random.nextInt(4) == 0 ? Mutation.Delete.of(key) : put(key, random.nextInt(400)));
    }
    return new ArrayList<>(batch.values());
  }

  /** A condition that may hold where this version is. */
  Condition condition(Optional<Version> current) {
    return switch (random.nextInt(4)) {
      case 0 -> Condition.absent();
      case 1 -> Condition.present();
      case 2 -> Condition.versionIs(current.orElse(new Version(1)));
      default -> Condition.versionIs(new Version(1));
    };
  }

  /** When the entry goes that a put leaves now, in milliseconds since 1970. */
  long expiresAtMillis(Mutation.Put put) {
    return expiresAtMillis(put, clock.millis());
  }

  static long expiresAtMillis(Mutation.Put put, long nowMillis) {
    return switch (put.expiry()) {
      case Expiry.Never _ -> EntryInfo.NEVER_MILLIS;
      case Expiry.After after -> nowMillis + after.timeToLive().toMillis();
      case Expiry.At at -> at.instant().toEpochMilli();
    };
  }
}
