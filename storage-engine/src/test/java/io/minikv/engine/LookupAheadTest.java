package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes read the record that they replace before they take the lock of the writers. */
@Timeout(60)
class LookupAheadTest {

  private static final Key KEY = Key.of("key");

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void reading_what_is_overwritten_holds_up_no_other_writer() {
    try (SegmentedStore store = Stores.open(disk)) {
      put(store, "key", "first");
      Reads reads = new Reads(store);
      disk.listen(reads);

      put(store, "key", "second");
      store.delete(KEY);
      Mutation third = Mutation.Put.of(KEY, Value.of("third"));
      store.writeAsync(third, Durability.ALWAYS).toCompletableFuture().join();
      Mutation fourth = Mutation.Put.of(KEY, Value.of("fourth"));
      store.writeAsync(fourth, Durability.ALWAYS).toCompletableFuture().join();

      disk.listen(DiskListener.NONE);
      assertThat(reads.count).hasPositiveValue();
      assertThat(reads.problems).isEmpty();
      assertThat(text(store, "key")).contains("fourth");
    }
  }

  /** Nothing but the lock of the writers is needed for a flush when everything is durable. */
  private static final class Reads implements DiskListener {

    private final SegmentedStore store;
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

    Reads(SegmentedStore store) {
      this.store = store;
    }

    @Override
    public void before(Operation operation) {
      if (operation.type() == OperationType.MAPPED_READ) {
        count.incrementAndGet();
        try {
          CompletableFuture.runAsync(store::flush).get(5, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
          problems.add(operation + " held up another writer");
        } catch (Exception e) {
          problems.add(e.toString());
        }
      }
    }
  }

  @Test
  void what_was_looked_up_does_not_decide_when_it_has_changed_since() throws Exception {
    assertThat(new WriterRace().run()).isEmpty();
  }
}
