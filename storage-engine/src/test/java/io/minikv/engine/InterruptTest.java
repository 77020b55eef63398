package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.maintenance.StoreHealth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers that are interrupted at any moment, on real files. */
@Timeout(60)
class InterruptTest {

  private static final int WRITERS = 3;
  private static final int READERS = 2;
  private static final long DURATION_NANOS = 1_000_000_000;

  @TempDir private Path directory;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger interruptsNoticed = new AtomicInteger();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final int[] acknowledged = new int[WRITERS];

  @ParameterizedTest
  @EnumSource
  void interrupts_of_callers_neither_end_their_calls_nor_harm_the_store(Durability durability)
      throws InterruptedException {
    EngineOptions options = Stores.SMALL_SEGMENTS.withDurability(durability);
    SegmentedStore store = SegmentedStore.open(directory, options);
    List<Thread> callers = callers(store);
    callers.forEach(Thread::start);
    interruptAtRandom(callers);
    stop.set(true);
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(failures).isEmpty();
    assertThat(interruptsNoticed).hasPositiveValue();
    assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
    assertHoldsEverything(store);

    Thread.currentThread().interrupt();
    store.close();
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    try (SegmentedStore reopened = SegmentedStore.open(directory, options)) {
      assertThat(Thread.interrupted()).isTrue();
      assertHoldsEverything(reopened);
    }
  }

  private List<Thread> callers(SegmentedStore store) {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      callers.add(new Thread(() -> repeat(() -> write(store, writer)), "writer-" + i));
    }
    for (int i = 0; i < READERS; i++) {
      callers.add(new Thread(() -> repeat(() -> read(store)), "reader-" + i));
    }
    return callers;
  }

  private void repeat(Runnable call) {
    try {
      while (!stop.get()) {
        call.run();
        if (Thread.interrupted()) {
          interruptsNoticed.incrementAndGet();
        }
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private void write(SegmentedStore store, int writer) {
    int next = acknowledged[writer] + 1;
    Stores.put(store, "writer-" + writer, value(next));
    acknowledged[writer] = next;
  }

  private static String value(int number) {
    return number + " " + "x".repeat(200);
  }

  private static void read(SegmentedStore store) {
    for (int writer = 0; writer < WRITERS; writer++) {
      Stores.text(store, "writer-" + writer);
    }
  }

  private static void interruptAtRandom(List<Thread> callers) {
    Random random = new Random(1);
    long end = System.nanoTime() + DURATION_NANOS;
    while (System.nanoTime() < end) {
      callers.get(random.nextInt(callers.size())).interrupt();
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  private void assertHoldsEverything(SegmentedStore store) {
    for (int writer = 0; writer < WRITERS; writer++) {
      assertThat(acknowledged[writer]).isPositive();
      assertThat(Stores.text(store, "writer-" + writer)).contains(value(acknowledged[writer]));
    }
  }
}
