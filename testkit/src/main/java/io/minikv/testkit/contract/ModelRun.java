package io.minikv.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.minikv.domain.Attributes;
import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One sequence of random operations on a store and on a sorted map, which must agree after each.
 */
final class ModelRun {

  /**
   * Bytes that are extreme in their order, and few, so that keys collide and are prefixes of each
   * other.
   */
  private static final int LONGEST_VALUE = 100_000;

  private static final byte[] KEY_BYTES = {0, 'a', 'b', (byte) 0x7F, (byte) 0x80, (byte) 0xFF};

  private static final List<Durability> DURABILITIES = List.of(Durability.values());

  private static final int MAX_CURSORS = 4;

  private final StoreUnderTest test;
  private final Set<Capability> capabilities;
  private final Random random;
  private final TreeMap<Key, Entry> model = new TreeMap<>();
  private final List<Version> handedOut = new ArrayList<>();
  private final List<OpenCursor> cursors = new ArrayList<>();
  private int operation;

  ModelRun(StoreUnderTest test, long seed) {
    this.test = test;
    this.capabilities = test.store().capabilities();
    this.random = new Random(seed);
  }

  /** How many operations were begun. */
  int operation() {
    return operation;
  }

  void run(int operations) {
    while (operation < operations) {
      operation++;
      doOne();
    }
    closeCursors();
    compareAll();
  }

  private void doOne() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> writeOne(randomPut(randomKey()));
      case 6, 7 -> writeOne(randomDelete(randomKey()));
      case 8, 9 -> writeBatch();
      case 10, 11 -> compareKeys();
      case 12, 13 -> scan();
      case 14, 15 -> openCursor();
      case 16, 17 -> moveCursor();
      case 18 -> test.clock().advance(Duration.ofMillis(random.nextInt(3_000)));
      default -> reopenOrFlush();
    }
  }

  private KeyValueStore store() {
    return test.store();
  }

  // ---- writes

  private void writeOne(Mutation mutation) {
    Optional<Version> previous = versionOf(mutation.key());
    if (!mutation.condition().isMetBy(previous)) {
      assertThat(catchThrowable(() -> write(mutation)))
          .isInstanceOfSatisfying(
              ConditionFailedException.class,
              refusal -> assertThat(refusal.current()).isEqualTo(previous));
      return;
    }
    WriteResult result = write(mutation);
    assertThat(result.previous()).as("before %s", mutation).isEqualTo(previous);
    checkVersion(result.version(), List.of(mutation));
    result.version().ifPresent(version -> apply(mutation, version));
  }

  /** In one of the ways there are. */
  private WriteResult write(Mutation mutation) {
    Durability durability = randomDurability();
    int way = random.nextInt(3);
    if (way == 0) {
      return store().write(mutation, durability);
    }
    return way == 1
            && mutation instanceof Mutation.Put put
            && capabilities.contains(Capability.STREAMED_WRITES)
        ? stream(put, durability)
        : Outcome.of(store().writeAsync(mutation, durability)).result();
  }

  private WriteResult stream(Mutation.Put put, Durability durability) {
    try (ValueWriter writer =
        store().openWriter(put.key(), put.attributes(), put.expiry(), put.condition())) {
      ByteBuffer value = put.value().asByteBuffer();
      int first = random.nextInt(value.limit() + 1);
      writer.write(value.slice(0, first));
      writer.write(value.slice(first, value.limit() - first));
      return random.nextBoolean()
          ? writer.commit(durability)
          : Outcome.of(writer.commitAsync(durability)).result();
    }
  }

  private void writeBatch() {
    Map<Key, Mutation> items = new LinkedHashMap<>();
    int count = capabilities.contains(Capability.ATOMIC_BATCHES) ? 1 + random.nextInt(6) : 1;
    for (int i = 0; i < count; i++) {
      Key key = randomKey();
      items.put(key, random.nextInt(3) == 0 ? randomDelete(key) : randomPut(key));
    }
    WriteBatch batch = new WriteBatch(List.copyOf(items.values()));
    Optional<Mutation> refused =
        batch.mutations().stream()
            .filter(item -> !item.condition().isMetBy(versionOf(item.key())))
            .findFirst();
    if (refused.isPresent()) {
      assertThat(catchThrowable(() -> store().write(batch)))
          .isInstanceOfSatisfying(
              ConditionFailedException.class,
              refusal -> assertThat(refusal.key()).isEqualTo(refused.get().key()));
      return;
    }
    List<Optional<Version>> previous =
        batch.mutations().stream().map(item -> versionOf(item.key())).toList();
    BatchResult result = store().write(batch, randomDurability());
    assertThat(result.previous()).as("before %s", batch).isEqualTo(previous);
    checkVersion(result.version(), batch.mutations());
    result.version().ifPresent(version -> batch.mutations().forEach(item -> apply(item, version)));
  }

  private void checkVersion(Optional<Version> version, List<Mutation> mutations) {
    boolean writes =
        mutations.stream()
            .anyMatch(item -> item instanceof Mutation.Put || versionOf(item.key()).isPresent());
    assertThat(version.isPresent()).as("whether %s has a version", mutations).isEqualTo(writes);
    if (version.isPresent() && !handedOut.isEmpty()) {
      assertThat(version.get()).isGreaterThan(handedOut.getLast());
    }
    version.ifPresent(handedOut::add);
  }

  private void apply(Mutation mutation, Version version) {
    switch (mutation) {
      case Mutation.Delete delete -> model.remove(delete.key());
      case Mutation.Put put -> model.put(put.key(), entryOf(put, version));
    }
  }

  private Entry entryOf(Mutation.Put put, Version version) {
    long nowMillis = test.clock().millis();
    long expiresAtMillis =
        switch (put.expiry()) {
          case Expiry.Never _ -> EntryInfo.NEVER_MILLIS;
          case Expiry.After after -> nowMillis + after.timeToLive().toMillis();
          case Expiry.At at -> at.instant().toEpochMilli();
        };
    return new Entry(
        new EntryInfo(
            put.key(), version, put.value().length(), put.attributes(), nowMillis, expiresAtMillis),
        put.value());
  }

  // ---- reads

  private Optional<Entry> expected(Key key) {
    return Optional.ofNullable(model.get(key)).filter(this::isPresent);
  }

  private Optional<Version> versionOf(Key key) {
    return expected(key).map(Entry::version);
  }

  private boolean isPresent(Entry entry) {
    return test.clock().millis() < entry.info().expiresAtMillis();
  }

  private void compareKeys() {
    List<Key> keys = List.of(randomKey(), randomKey(), randomKey());
    Map<Key, Entry> all = store().getAll(keys);
    for (Key key : keys) {
      assertThat(store().get(key)).isEqualTo(expected(key));
      assertThat(readIntoArray(key)).isEqualTo(expected(key).map(Entry::value));
      assertThat(store().info(key)).isEqualTo(expected(key).map(Entry::info));
      assertThat(Optional.ofNullable(all.get(key))).isEqualTo(expected(key));
    }
  }

  private Optional<Value> readIntoArray(Key key) {
    byte[] target = new byte[LONGEST_VALUE];
    int length = store().read(key, target);
    return length == KeyValueStore.ABSENT
        ? Optional.empty()
        : Optional.of(Value.wrap(Arrays.copyOf(target, length)));
  }

  private void scan() {
    KeyRange range = randomRange();
    ScanOptions options = randomOptions();
    assertThat(test.entries(range, options))
        .as("%s %s", range, options)
        .isEqualTo(expected(range, options));
    assertThat(store().count(range)).isEqualTo(expected(range, ScanOptions.DEFAULT).size());
  }

  private List<Entry> expected(KeyRange range, ScanOptions options) {
    Map<Key, Entry> inOrder =
        options.direction() == ScanOptions.Direction.FORWARDS ? model : model.descendingMap();
    return inOrder.values().stream()
        .filter(entry -> range.contains(entry.key()) && isPresent(entry))
        .limit(options.limit())
        .toList();
  }

  private void compareAll() {
    assertThat(test.entries()).isEqualTo(expected(KeyRange.all(), ScanOptions.DEFAULT));
  }

  // ---- cursors

  private record OpenCursor(Cursor cursor, Iterator<Entry> expected) {}

  private void openCursor() {
    if (!capabilities.contains(Capability.CONSISTENT_VIEWS)) {
      return;
    }
    if (cursors.size() == MAX_CURSORS) {
      finish(cursors.removeFirst());
    }
    KeyRange range = randomRange();
    ScanOptions options = randomOptions();
    Iterator<Entry> expected = expected(range, options).iterator();
    cursors.add(new OpenCursor(store().scan(range, options), expected));
  }

  private void moveCursor() {
    if (!cursors.isEmpty()) {
      OpenCursor open = cursors.get(random.nextInt(cursors.size()));
      for (int i = random.nextInt(5); i > 0 && open.expected().hasNext(); i--) {
        assertThat(open.cursor().next()).isTrue();
        assertThat(open.cursor().entry()).isEqualTo(open.expected().next());
      }
    }
  }

  private static void finish(OpenCursor open) {
    try (Cursor cursor = open.cursor()) {
      List<Entry> expected = new ArrayList<>();
      open.expected().forEachRemaining(expected::add);
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(expected);
    }
  }

  private void closeCursors() {
    cursors.forEach(ModelRun::finish);
    cursors.clear();
  }

  private void reopenOrFlush() {
    if (random.nextBoolean() || !capabilities.contains(Capability.PERSISTENCE)) {
      store().flush();
    } else {
      closeCursors();
      test.reopen();
    }
    compareAll();
  }

  // ---- what is random

  private Mutation randomPut(Key key) {
    byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? LONGEST_VALUE : 50)];
    random.nextBytes(value);
    Mutation.Put put = Mutation.Put.of(key, Value.wrap(value)).onlyIf(randomCondition(key));
    if (random.nextInt(4) == 0) {
      put = put.with(Attributes.of("operation", Integer.toString(operation)));
    }
    return put.with(randomExpiry());
  }

  private Mutation randomDelete(Key key) {
    return Mutation.Delete.of(key).onlyIf(randomCondition(key));
  }

  private Expiry randomExpiry() {
    if (!capabilities.contains(Capability.EXPIRY)) {
      return Expiry.never();
    }
    return switch (random.nextInt(6)) {
      case 0 -> Expiry.after(Duration.ofMillis(1 + random.nextInt(5_000)));
      case 1 -> Expiry.at(test.clock().instant().plusMillis(random.nextInt(5_000) - 1_000));
      default -> Expiry.never();
    };
  }

  private Condition randomCondition(Key key) {
    if (!capabilities.contains(Capability.CONDITIONS)) {
      return Condition.always();
    }
    return switch (random.nextInt(12)) {
      case 0 -> Condition.absent();
      case 1 -> Condition.present();
      case 2 -> Condition.versionAnyOf(randomVersions());
      case 3 -> Condition.versionNoneOf(randomVersions());
      case 4 -> versionOf(key).map(Condition::versionIs).orElse(Condition.absent());
      default -> Condition.always();
    };
  }

  private Set<Version> randomVersions() {
    if (handedOut.isEmpty()) {
      return Set.of();
    }
    int from = random.nextInt(handedOut.size());
    return Set.copyOf(handedOut.subList(from, Math.min(handedOut.size(), from + 10)));
  }

  private Durability randomDurability() {
    return DURABILITIES.get(random.nextInt(DURABILITIES.size()));
  }

  private Key randomKey() {
    byte[] key = new byte[1 + random.nextInt(3)];
    for (int i = 0; i < key.length; i++) {
      key[i] = KEY_BYTES[random.nextInt(KEY_BYTES.length)];
    }
    return Key.copyOf(key);
  }

  private KeyRange randomRange() {
    return switch (random.nextInt(6)) {
      case 0 -> KeyRange.from(randomKey());
      case 1 -> KeyRange.after(randomKey());
      case 2 -> KeyRange.between(randomKey(), randomKey());
      case 3 -> KeyRange.prefix(randomKey().toByteArray());
      case 4 -> {
        KeyRange.Bound upper = new KeyRange.Bound(randomKey(), random.nextBoolean());
        KeyRange.Bound lower = new KeyRange.Bound(randomKey(), random.nextBoolean());
        yield new KeyRange(Optional.of(lower), Optional.of(upper));
      }
      default -> KeyRange.all();
    };
  }

  private ScanOptions randomOptions() {
    ScanOptions options = ScanOptions.DEFAULT;
    if (capabilities.contains(Capability.BACKWARD_SCANS) && random.nextBoolean()) {
      options = options.backwards();
    }
    return random.nextInt(3) == 0 ? options.limitedTo(random.nextInt(8)) : options;
  }
}
