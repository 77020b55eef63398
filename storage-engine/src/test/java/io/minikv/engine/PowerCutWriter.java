package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Writes a few keys of its own, over and over, until the disk is gone. */
final class PowerCutWriter {

  private static final int KEYS = 12;
  private static final int MOST_BATCHED = 5;
  private static final int SHORT_VALUE = 600;
  private static final int LONG_VALUE = 12_000;

  private final String name;
  private final Random random;
  private final BooleanSupplier powered;
  private final List<Key> keys = new ArrayList<>();
  private final WriterRecord record = new WriterRecord();
  private long newestVersion;
  private long writes;

  /**
   * For one life after the other of a store.
   *
   * @param powered whether the power was not cut yet. What is acknowledged afterwards is told to
   *     nobody, so that it stays in flight: a real machine would have stopped
   */
  PowerCutWriter(String name, long seed, BooleanSupplier powered) {
    this.name = name;
    this.random = new Random(seed);
    this.powered = powered;
    for (int i = 0; i < KEYS; i++) {
      keys.add(Key.of(name + "/" + i));
    }
  }

  WriterRecord record() {
    return record;
  }

  /** How many writes were acknowledged. */
  long writes() {
    return writes;
  }

  /** The greatest version that it was told. */
  long newestVersion() {
    return newestVersion;
  }

  /**
   * Writes until the store takes no more.
   *
   * @param above no version may be this or less: all those were given out before
   */
  void writeUntilTheEnd(SegmentedStore store, long above) {
    newestVersion = Math.max(newestVersion, above);
    boolean running = true;
    while (running) {
      running = random.nextInt(40) == 0 ? flush(store) : write(store);
    }
  }

  private boolean flush(SegmentedStore store) {
    try {
      store.flush();
      if (powered.getAsBoolean()) {
        record.durable();
      }
      return powered.getAsBoolean();
    } catch (StoreException e) {
      return false;
    }
  }

  /** Whether it was acknowledged. */
  private boolean write(SegmentedStore store) {
    List<Mutation> mutations = mutations();
    record.begin(mutations);
    try {
      Optional<Version> version = written(store, mutations);
      if (!powered.getAsBoolean()) {
        return false; // It stays in flight.
      }
      acknowledge(version);
      return true;
    } catch (OutcomeUnknownException e) {
      return false; // It stays in flight.
    } catch (StoreException e) {
      record.refused();
      return false;
    }
  }

  private void acknowledge(Optional<Version> version) {
    record.acknowledged(version);
    writes++;
    version.map(Version::sequence).ifPresent(this::checkNew);
  }

  private void checkNew(long sequence) {
    if (sequence <= newestVersion) {
      throw new AssertionError(
          "version " + sequence + " was given out when " + newestVersion + " had been");
    }
    newestVersion = sequence;
  }

  private Optional<Version> written(SegmentedStore store, List<Mutation> mutations) {
    if (mutations.size() > 1) {
      return store.write(new WriteBatch(mutations)).version();
    }
    Mutation mutation = mutations.getFirst();
    return mutation instanceof Mutation.Put put && random.nextInt(10) == 0
        ? streamed(store, put)
        : store.write(mutation).version();
  }

  private static Optional<Version> streamed(SegmentedStore store, Mutation.Put put) {
    try (ValueWriter writer =
        store.openWriter(put.key(), Attributes.none(), Expiry.never(), Condition.always())) {
      ByteBuffer bytes = ByteBuffer.wrap(put.value().toByteArray());
      int half = bytes.remaining() / 2;
      writer.write(bytes.slice(0, half));
      writer.write(bytes.slice(half, bytes.remaining() - half));
      return writer.commit(Durability.OS).version();
    }
  }

  private List<Mutation> mutations() {
    int count = random.nextInt(4) == 0 ? 2 + random.nextInt(MOST_BATCHED - 1) : 1;
    int first = random.nextInt(KEYS);
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Key key = keys.get((first + i) % KEYS);
      mutations.add(
          random.nextInt(4) == 0 ? Mutation.Delete.of(key) : Mutation.Put.of(key, value()));
    }
    return mutations;
  }

  private Value value() {
    byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? LONG_VALUE : SHORT_VALUE)];
    random.nextBytes(bytes);
    return Value.wrap(bytes);
  }

  /** What the store holds under its keys, once by lookups and once by a scan, which must agree. */
  SortedMap<Key, Stored> found(SegmentedStore store) {
    SortedMap<Key, Stored> lookedUp = new TreeMap<>();
    for (Map.Entry<Key, Entry> entry : store.getAll(keys).entrySet()) {
      lookedUp.put(entry.getKey(), Stored.of(entry.getValue()));
    }
    SortedMap<Key, Stored> scanned = new TreeMap<>();
    try (Cursor cursor = store.scan(KeyRange.prefix(name + "/"))) {
      while (cursor.next()) {
        scanned.put(cursor.entry().key(), Stored.of(cursor.entry()));
      }
    }
    if (!lookedUp.equals(scanned)) {
      throw new AssertionError("looked up " + lookedUp + ", but scanned " + scanned);
    }
    return lookedUp;
  }
}
