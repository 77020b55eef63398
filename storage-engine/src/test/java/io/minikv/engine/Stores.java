package io.minikv.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Value;
import io.minikv.engine.io.Disk;
import io.minikv.testkit.MutableClock;
import java.util.Optional;

/** Stores for tests: small segments, and short ways to say what is in them. */
final class Stores {

  /** So small that a few writes fill a segment. */
  static final EngineOptions SMALL_SEGMENTS =
      EngineOptions.DEFAULT
          .withSegmentBytes(4 << 10)
          .withCompaction(CompactionOptions.ON_DEMAND)
          .withClock(new MutableClock());

  private Stores() {}

  /** Opens a store in which everything runs on the caller's thread. */
  static SegmentedStore open(Disk disk) {
    return SegmentedStore.open(disk, SMALL_SEGMENTS, EngineThreads.NONE);
  }

  /** Opens a store with threads, as an application does. */
  static SegmentedStore openWithThreads(Disk disk, Durability durability) {
    return SegmentedStore.open(
        disk, SMALL_SEGMENTS.withDurability(durability), EngineThreads.start());
  }

  static void put(KeyValueStore store, String key, String value) {
    store.put(Key.of(key), Value.of(value));
  }

  /** The text under a key, or nothing. */
  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(Key.of(key)).map(Entry::value).map(Value::utf8);
  }

  /** The same, if it is short enough, as {@link KeyValueStore#read} tells it. */
  static Optional<String> textReadIntoArray(KeyValueStore store, String key) {
    byte[] target = new byte[8 << 10];
    int length = store.read(Key.of(key), target);
    return length == KeyValueStore.ABSENT
        ? Optional.empty()
        : Optional.of(new String(target, 0, length, UTF_8));
  }
}
