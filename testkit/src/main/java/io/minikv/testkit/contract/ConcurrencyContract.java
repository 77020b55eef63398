package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many threads at once. */
interface ConcurrencyContract extends StoreUnderTest {

  int WRITERS = 4;
  int ROUNDS = 100;

  @Test
  default void aCounterIsAsHighAsItsSuccessfulIncrements() throws InterruptedException {
    requires(Capability.CONDITIONS);
    store().put(KEY, Value.of("0"));
    AtomicInteger successes = new AtomicInteger();
    Together.run(
        WRITERS,
        index -> {
          for (int i = 0; i < ROUNDS; i++) {
            if (increments(store().get(KEY).orElseThrow())) {
              successes.incrementAndGet();
            }
          }
        });
    assertThat(number(store().get(KEY).orElseThrow())).isEqualTo(successes.get());
    assertThat(successes.get()).isGreaterThanOrEqualTo(ROUNDS);
  }

  private boolean increments(Entry entry) {
    Mutation.Put next = Mutation.Put.of(KEY, Value.of(Integer.toString(number(entry) + 1)));
    try {
      store().write(next.onlyIf(Condition.versionIs(entry.version())));
      return true;
    } catch (ConditionFailedException _) {
      return false;
    }
  }

  @Tag("lengthy")
  @Test
  default void ofManyThatCreateAKeyOneSucceeds() throws InterruptedException {
    requires(Capability.CONDITIONS);
    for (int round = 0; round < 25; round++) {
      Key key = bytes("key" + round);
      List<Version> created = Collections.synchronizedList(new ArrayList<>());
      List<Optional<Version>> refused = Collections.synchronizedList(new ArrayList<>());
      Together.run(
          WRITERS,
          index -> {
            Mutation.Put put = Mutation.Put.of(key, Value.of("by " + index));
            try {
              WriteResult result = store().write(put.onlyIf(Condition.absent()));
              result.version().ifPresent(created::add);
            } catch (ConditionFailedException refusal) {
              refused.add(refusal.current());
            }
          });
      assertThat(created).hasSize(1);
      assertThat(refused).hasSize(WRITERS - 1).containsOnly(Optional.of(created.getFirst()));
    }
  }

  @Test
  default void versionsAreNeverHandedOutTwice() throws InterruptedException {
    List<Version> versions = Collections.synchronizedList(new ArrayList<>());
    Together.run(
        WRITERS,
        index -> {
          List<Version> own = new ArrayList<>();
          for (int i = 0; i < ROUNDS; i++) {
            store().put(bytes("key" + index), Value.empty()).version().ifPresent(own::add);
          }
          assertThat(own).isSorted();
          versions.addAll(own);
        });
    assertThat(versions).hasSize(WRITERS * ROUNDS).doesNotHaveDuplicates();
  }

  @Test
  default void writesOfOneKeyFormAChain() throws InterruptedException {
    List<WriteResult> results = Collections.synchronizedList(new ArrayList<>());
    Together.run(
        WRITERS,
        index -> {
          for (int i = 0; i < ROUNDS; i++) {
            results.add(store().put(KEY, Value.of(index + ":" + i)));
          }
        });
    List<Optional<Version>> expected =
        new ArrayList<>(
            results.stream()
                .map(WriteResult::version)
                .sorted(ConcurrencyContract::byNumber)
                .toList());
    assertThat(store().get(KEY).map(Entry::version)).isEqualTo(expected.removeLast());
    expected.addFirst(Optional.empty());
    assertThat(results)
        .extracting(WriteResult::previous)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static int byNumber(Optional<Version> a, Optional<Version> b) {
    return a.orElseThrow().compareTo(b.orElseThrow());
  }

  @Tag("lengthy")
  @Test
  default void whatWasSeenIsNeverTakenBack() throws InterruptedException {
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean finished = new AtomicBoolean();
    store().put(KEY, Value.of("0"));
    whileWriting(
        finished,
        () ->
            forManyRounds(i -> {
              store().put(KEY, Value.of(Integer.toString(i)));
              written.set(i);
            }),
        () -> {
          int last = 0;
          while (!finished.get()) {
            int returned = written.get();
            int seen = number(store().get(KEY).orElseThrow());
            assertThat(seen).isGreaterThanOrEqualTo(returned).isGreaterThanOrEqualTo(last);
            last = seen;
          }
        });
  }

  @Tag("lengthy")
  @Test
  default void batchesAreSeenWholeByReadsOfSeveralKeys() throws InterruptedException {
    requires(Capability.ATOMIC_BATCHES);
    requires(Capability.CONSISTENT_VIEWS);
    List<Key> keys = severalKeys();
    AtomicBoolean finished = new AtomicBoolean();
    store().write(sameValue(keys, 0));
    whileWriting(
        finished,
        () -> writeBatches(keys),
        () -> {
          while (!finished.get()) {
            Map<Key, Entry> seen = store().getAll(keys);
            assertThat(seen).hasSize(keys.size());
            assertThat(seen.values().stream().map(Entry::value).distinct()).hasSize(1);
            assertThat(seen.values().stream().map(Entry::version).distinct()).hasSize(1);
          }
        });
  }

  @Tag("lengthy")
  @Test
  default void batchesAreSeenWholeByScans() throws InterruptedException {
    requires(Capability.ATOMIC_BATCHES);
    requires(Capability.CONSISTENT_VIEWS);
    List<Key> keys = severalKeys();
    AtomicBoolean finished = new AtomicBoolean();
    store().write(sameValue(keys, 0));
    whileWriting(
        finished,
        () -> writeBatches(keys),
        () -> {
          while (!finished.get()) {
            List<Entry> seen = entries();
            assertThat(seen).hasSize(keys.size());
            assertThat(seen.stream().map(Entry::value).distinct()).hasSize(1);
            assertThat(store().count(KeyRange.all())).isEqualTo(keys.size());
          }
        });
  }

  private static List<Key> severalKeys() {
    return IntStream.range(0, 16).mapToObj(i -> bytes("key" + i)).toList();
  }

  private void writeBatches(List<Key> keys) {
    forManyRounds(round -> store().write(sameValue(keys, round)));
  }

  /** So many rounds, and in a fast store so many more that readers meet them. */
  private static void forManyRounds(IntConsumer round) {
    long end = System.nanoTime() + Duration.ofMillis(250).toNanos();
    for (int i = 1; i <= 2 * ROUNDS || System.nanoTime() < end; i++) {
      round.accept(i);
    }
  }

  private static WriteBatch sameValue(List<Key> keys, int number) {
    Value value = Value.of(Integer.toString(number));
    return new WriteBatch(
        keys.stream().map(key -> (Mutation) Mutation.Put.of(key, value)).toList());
  }

  @Tag("lengthy")
  @Test
  default void scansAndReadsOfSeveralKeysSeeOneMomentOfSingleWrites() throws InterruptedException {
    requires(Capability.CONSISTENT_VIEWS);
    Key first = bytes("z");
    Key second = bytes("a");
    AtomicBoolean finished = new AtomicBoolean();
    store().put(first, Value.of("0"));
    store().put(second, Value.of("0"));
    whileWriting(
        finished,
        () ->
            forManyRounds(i -> {
              store().put(first, Value.of(Integer.toString(i)));
              store().put(second, Value.of(Integer.toString(i)));
            }),
        () -> {
          while (!finished.get()) {
            Map<Key, Entry> seen = store().getAll(List.of(second, first));
            assertThat(number(seen, first) - number(seen, second)).isBetween(0, 1);
            List<Entry> scanned = entries();
            assertThat(number(scanned.get(1)) - number(scanned.get(0))).isBetween(0, 1);
          }
        });
  }

  @Test
  default void aScanSeesKeysInsertedOneAfterTheOtherWithoutGaps() throws InterruptedException {
    requires(Capability.CONSISTENT_VIEWS);
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean finished = new AtomicBoolean();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 2 * ROUNDS; i++) {
      // The order of writing is not that of the keys.
      all.add(String.format("%03d", (i * 7_919) % 1_000));
    }
    whileWriting(
        finished,
        () -> {
          for (String key : all) {
            putAll(key);
            written.incrementAndGet();
          }
        },
        () -> {
          while (!finished.get()) {
            int returned = written.get();
            List<String> seen = keys(KeyRange.all(), ScanOptions.DEFAULT);
            assertThat(seen.size()).isGreaterThanOrEqualTo(returned);
            assertThat(seen)
                .containsExactlyElementsOf(all.subList(0, seen.size()).stream().sorted().toList());
          }
        });
  }

  /** Runs a writer and three readers, which go on until {@code finished}. */
  private static void whileWriting(AtomicBoolean finished, Runnable writer, Runnable reader)
      throws InterruptedException {
    Together.run(
        4,
        index -> {
          if (index > 0) {
            reader.run();
            return;
          }
          try {
            writer.run();
          } finally {
            finished.set(true);
          }
        });
  }

  private static int number(Map<Key, Entry> entries, Key key) {
    return number(Objects.requireNonNull(entries.get(key)));
  }

  private static int number(Entry entry) {
    return Integer.parseInt(entry.value().utf8());
  }
}
