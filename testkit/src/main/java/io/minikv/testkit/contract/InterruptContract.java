package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Interrupts of calling threads. */
interface InterruptContract extends StoreUnderTest {

  @Test
  default void anInterruptedThreadWritesAndKeepsItsStatus() throws InterruptedException {
    asInterrupted(() -> {
      store().put(bytes("a"), Value.of("1"));
      store().write(Mutation.Put.of(bytes("b"), Value.of("2")), Durability.ALWAYS);
      store().write(WriteBatch.of(Mutation.Put.of(bytes("c"), Value.of("3"))));
      store().delete(bytes("a"));
      store().flush();
    });
    assertThat(entries()).extracting(Entry::key).containsExactly(bytes("b"), bytes("c"));
  }

  @Test
  default void anInterruptedThreadReadsAndKeepsItsStatus() throws InterruptedException {
    putAll("a", "b");
    asInterrupted(() -> {
      assertThat(store().get(bytes("a"))).isPresent();
      assertThat(store().info(bytes("b"))).isPresent();
      assertThat(store().getAll(List.of(bytes("a"), bytes("b")))).hasSize(2);
      assertThat(entries()).hasSize(2);
      assertThat(store().count(KeyRange.all())).isEqualTo(2);
      try (ValueReader reader = store().openReader(bytes("a")).orElseThrow()) {
        assertThat(reader.read(0, ByteBuffer.allocate(1))).isEqualTo(1);
      }
    });
    assertThat(entries()).hasSize(2);
  }

  @Test
  default void anInterruptedThreadStreamsAndKeepsItsStatus() throws InterruptedException {
    requires(Capability.STREAMED_WRITES);
    asInterrupted(() -> {
      try (ValueWriter writer =
          store().openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always())) {
        writer.write(ByteBuffer.allocate(500_000));
        writer.write(ByteBuffer.allocate(500_000));
        writer.commit(Durability.ALWAYS);
      }
    });
    assertThat(store().get(KEY).orElseThrow().value().length()).isEqualTo(1_000_000);
  }

  private static void asInterrupted(Runnable calls) throws InterruptedException {
    Together.run(
        1,
        index -> {
          Thread.currentThread().interrupt();
          calls.run();
          assertThat(Thread.interrupted()).as("the interrupt status is kept").isTrue();
        });
  }

  @Test
  default void interruptsAtAnyMomentHarmNobody() throws InterruptedException {
    Map<Key, Value> written = new ConcurrentHashMap<>();
    int threads = 4;
    CountDownLatch allBegan = new CountDownLatch(threads);
    List<Together.Runner> runners =
        Together.start(
            threads,
            index -> {
              allBegan.countDown();
              for (int i = 0; i < 100; i++) {
                writeAndRead(bytes(index + ":" + i % 10), Value.of("value " + i), written);
              }
            });
    allBegan.await();
    Random random = new Random(5);
    while (runners.stream().anyMatch(Thread::isAlive)) {
      runners.get(random.nextInt(threads)).interrupt();
      LockSupport.parkNanos(20_000);
    }
    Together.join(runners);
    assertThat(written).hasSize(10 * threads);
    written.forEach((key, value) -> assertThat(store().get(key).map(Entry::value)).contains(value));
    store().put(KEY, Value.of("the store lives"));
    store().flush();
  }

  private void writeAndRead(Key key, Value value, Map<Key, Value> written) {
    store().put(key, value);
    written.put(key, value);
    assertThat(store().get(key).map(Entry::value)).contains(value);
    assertThat(entries(KeyRange.from(key), ScanOptions.DEFAULT)).isNotEmpty();
  }
}
