package io.minikv.benchmarks;

import io.minikv.benchmarks.kit.Workload;
import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.SegmentedStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Threads that write, read, scan, compact and take snapshots until they are stopped. A value begins
 * with its key, so that reading shows whether it is the right one.
 */
final class SoakLoad {

  private static final int WRITERS = 2;
  private static final int READERS = 2;
  private static final int BATCHED = 5;
  private static final int SCANNED = 1_000;

  /** So long that it gets a file of its own. */
  private static final int LONG_VALUE_BYTES = 2 << 20;

  private static final long LONG_VALUES = 8;
  private static final Duration MAINTENANCE_PAUSE = Duration.ofSeconds(2);

  private final SegmentedStore store;
  private final Workload workload;
  private final int keys;
  private final LongAdder operations = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  SoakLoad(SegmentedStore store, Workload workload, int keys) {
    this.store = store;
    this.workload = workload;
    this.keys = keys;
  }

  /** Stores all keys. */
  void fill() {
    for (int i = 0; i < keys; i++) {
      store.write(put(i, 0));
    }
  }

  void start() {
    for (int i = 0; i < WRITERS; i++) {
      begin("writer-" + i, this::write, i);
    }
    for (int i = 0; i < READERS; i++) {
      begin("reader-" + i, this::read, WRITERS + i);
    }
    begin("scanner", this::scan, WRITERS + READERS);
    begin("maintenance", this::maintain, WRITERS + READERS + 1);
  }

  /** One step of a thread. */
  private interface Step {

    void run(SplittableRandom random);
  }

  private void begin(String name, Step step, int seed) {
    threads.add(
        Thread.ofPlatform()
            .name("soak-" + name)
            .uncaughtExceptionHandler((_, failure) -> end.completeExceptionally(failure))
            .start(() -> {
              SplittableRandom random = new SplittableRandom(seed);
              while (!end.isDone()) {
                step.run(random);
                operations.increment();
              }
            }));
  }

  /** How many steps were done. */
  long operations() {
    return operations.sum();
  }

  /**
   * Waits so long.
   *
   * @throws IllegalStateException when a thread failed meanwhile
   */
  void awaitFailure(Duration pause) throws InterruptedException {
    try {
      end.get(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // All is well.
    } catch (ExecutionException e) {
      throw new IllegalStateException("The load failed.", e.getCause());
    }
  }

  /** Ends all threads and waits for them. */
  void stop() throws InterruptedException {
    end.complete(null);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  // ---- what the threads do

  private void write(SplittableRandom random) {
    int kind = random.nextInt(2_000);
    if (kind == 0) {
      stream(random);
    } else if (kind < 300) {
      store.delete(key(random.nextInt(keys)));
    } else if (kind < 500) {
      batch(random);
    } else {
      store.write(put(random.nextInt(keys), random.nextInt()));
    }
  }

  private void stream(SplittableRandom random) {
    Key key = Key.of("long-" + random.nextLong(LONG_VALUES));
    try (ValueWriter writer =
        store.openWriter(key, Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(ByteBuffer.wrap(key.toByteArray()));
      writer.write(ByteBuffer.allocate(LONG_VALUE_BYTES));
      writer.commit(Durability.OS);
    }
  }

  private void batch(SplittableRandom random) {
    List<Mutation> mutations = new ArrayList<>();
    int first = random.nextInt(keys - BATCHED);
    for (int i = 0; i < BATCHED; i++) {
      mutations.add(put(first + i, random.nextInt()));
    }
    store.write(new WriteBatch(mutations));
  }

  private void read(SplittableRandom random) {
    store.get(key(random.nextInt(keys))).ifPresent(SoakLoad::check);
  }

  private void scan(SplittableRandom random) {
    KeyRange range = KeyRange.from(key(random.nextInt(keys)));
    try (Cursor cursor = store.scan(range)) {
      for (int i = 0; i < SCANNED && cursor.next(); i++) {
        check(cursor.entry());
      }
    }
  }

  private void maintain(SplittableRandom random) {
    try {
      end.get(MAINTENANCE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      if (random.nextBoolean()) {
        store.compact(ProgressListener.NONE);
      } else {
        store.snapshot();
      }
    } catch (InterruptedException | ExecutionException _) {
      // The load ends, which the loop sees.
    }
  }

  private static void check(Entry entry) {
    byte[] key = entry.key().toByteArray();
    ByteBuffer begin = entry.value().asByteBuffer().slice(0, key.length);
    if (!begin.equals(ByteBuffer.wrap(key))) {
      throw new IllegalStateException("The value of " + entry.key() + " is not its own.");
    }
  }

  private Mutation.Put put(int number, int round) {
    byte[] key = workload.key(number);
    byte[] random = workload.value(number, round);
    byte[] value = ByteBuffer.allocate(key.length + random.length).put(key).put(random).array();
    return Mutation.Put.of(Key.copyOf(key), Value.wrap(value));
  }

  private Key key(int number) {
    return Key.copyOf(workload.key(number));
  }
}
