package io.minikv.engine;

import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Writers that overwrite the same keys at the same time. */
final class WriterRace {

  private static final Key SHARED = Key.of("shared");
  private static final int WRITERS = 4;
  private static final int WRITES_EACH = 500;

  private final AtomicInteger firsts = new AtomicInteger();
  private final ConcurrentLinkedQueue<Optional<Version>> previous = new ConcurrentLinkedQueue<>();

  /** Returns what was wrong; nothing when all was right. */
  String run() throws InterruptedException {
    EngineOptions options = Stores.SMALL_SEGMENTS.withDurability(Durability.OS);
    try (SegmentedStore store =
        SegmentedStore.open(new SimulatedDisk(), options, EngineThreads.start())) {
      List<Thread> threads = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        threads.add(Thread.ofPlatform().start(() -> write(store)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return judge(store);
    }
  }

  private void write(SegmentedStore store) {
    for (int i = 0; i < WRITES_EACH; i++) {
      try {
        store.write(
            Mutation.Put.of(Key.of("fresh-" + i), Value.of("x")).onlyIf(Condition.absent()));
        firsts.incrementAndGet();
      } catch (ConditionFailedException _) {
        // Another one was the first.
      }
      previous.add(store.put(SHARED, Value.of("value " + i)).previous());
    }
  }

  private String judge(SegmentedStore store) {
    Set<Optional<Version>> distinct = new HashSet<>(previous);
    if (firsts.get() != WRITES_EACH) {
      return firsts + " writes found " + WRITES_EACH + " keys absent";
    }
    if (distinct.size() != WRITERS * WRITES_EACH) {
      return "two writes were told that they replaced the same one";
    }
    long keys = store.statistics().keys();
    return keys == WRITES_EACH + 1 ? "" : keys + " keys are counted";
  }
}
