package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The end of a store. */
interface CloseContract extends StoreUnderTest {

  @Test
  default void closingAgainDoesNothing() throws InterruptedException {
    putAll("a");
    Together.run(4, index -> store().close());
    assertThatCode(() -> store().close()).doesNotThrowAnyException();
  }

  @Test
  default void aClosedStoreReadsNothing() {
    putAll("key");
    store().close();
    assertClosed(() -> store().get(KEY));
    assertClosed(() -> store().read(KEY, new byte[10]));
    assertClosed(() -> store().getAll(List.of(KEY)));
    assertClosed(() -> store().info(KEY));
    assertClosed(() -> store().exists(KEY));
    assertClosed(() -> store().openReader(KEY));
    assertClosed(() -> store().scan(KeyRange.all()));
    assertClosed(() -> store().count(KeyRange.all()));
  }

  @Test
  default void aClosedStoreWritesNothing() {
    store().close();
    Mutation put = Mutation.Put.of(KEY, Value.of("1"));
    assertClosed(() -> store().put(KEY, Value.of("1")));
    assertClosed(() -> store().delete(KEY));
    assertClosed(() -> store().write(put, Durability.ALWAYS));
    assertClosed(() -> store().write(WriteBatch.of(put)));
    assertClosed(() -> store().flush());
  }

  @Test
  default void aClosedStoreEndsStagesWithTheReason() {
    store().close();
    Mutation put = Mutation.Put.of(KEY, Value.of("1"));
    assertThat(Outcome.of(store().writeAsync(put, Durability.OS)).failure())
        .isInstanceOf(StoreClosedException.class);
    assertThat(Outcome.of(store().writeAsync(WriteBatch.of(put), Durability.OS)).failure())
        .isInstanceOf(StoreClosedException.class);
  }

  @Test
  default void anOpenCursorEndsWithTheStore() {
    putAll("a", "b");
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      store().close();
      assertClosed(cursor::next);
      assertThatCode(cursor::close).doesNotThrowAnyException();
    }
  }

  @Test
  default void anOpenReaderEndsWithTheStore() {
    putAll("key");
    try (ValueReader reader = store().openReader(KEY).orElseThrow()) {
      store().close();
      assertClosed(() -> reader.read(0, ByteBuffer.allocate(1)));
      assertThatCode(reader::close).doesNotThrowAnyException();
    }
  }

  @Test
  default void anOpenWriterEndsWithTheStore() {
    requires(Capability.STREAMED_WRITES);
    ValueWriter first = openWriter();
    ValueWriter second = openWriter();
    ValueWriter third = openWriter();
    first.write(ByteBuffer.allocate(1));
    store().close();
    assertClosed(() -> first.write(ByteBuffer.allocate(1)));
    assertClosed(() -> second.commit(Durability.OS));
    assertThat(Outcome.of(third.commitAsync(Durability.OS)).failure())
        .isInstanceOf(StoreClosedException.class);
    for (ValueWriter writer : List.of(first, second, third)) {
      assertThatCode(writer::close).doesNotThrowAnyException();
    }
    assertClosed(this::openWriter);
  }

  private ValueWriter openWriter() {
    return store().openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always());
  }

  @Test
  default void writesAcceptedBeforeAreFinished() {
    Map<Key, Outcome<WriteResult>> outcomes = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      Mutation put = Mutation.Put.of(bytes("key" + i), Value.of("value"));
      outcomes.put(put.key(), Outcome.of(store().writeAsync(put, Durability.OS)));
    }
    store().close();
    List<Key> written = new ArrayList<>();
    outcomes.forEach((key, outcome) -> {
      Optional<Throwable> failure = outcome.failureIfAny();
      failure.ifPresentOrElse(
          refusal -> assertThat(refusal).isInstanceOf(OverloadedException.class),
          () -> written.add(key));
    });
    assertThat(written).isNotEmpty();
    if (store().capabilities().contains(Capability.PERSISTENCE)) {
      reopen();
      assertThat(entries()).hasSize(written.size());
      assertThat(store().getAll(written)).hasSize(written.size());
    }
  }

  @Test
  default void closingWhileThreadsWriteLosesNothing() throws InterruptedException {
    int writers = 4;
    CountDownLatch allBegan = new CountDownLatch(writers);
    Set<Key> written = ConcurrentHashMap.newKeySet();
    List<Together.Runner> runners =
        Together.start(writers, index -> writeUntilClosed(index, allBegan, written));
    allBegan.await();
    store().close();
    Together.join(runners);
    assertThat(written).isNotEmpty();
    if (store().capabilities().contains(Capability.PERSISTENCE)) {
      reopen();
      assertThat(store().getAll(written)).hasSize(written.size());
      assertThat(entries()).hasSize(written.size());
    }
  }

  private void writeUntilClosed(int index, CountDownLatch allBegan, Set<Key> written) {
    for (int i = 0; ; i++) {
      Key key = bytes(index + ":" + i);
      try {
        store().put(key, Value.of("value"));
      } catch (StoreClosedException _) {
        return;
      }
      written.add(key);
      if (i == 0) {
        allBegan.countDown();
      }
    }
  }

  @Test
  default void closingWhileThreadsReadEndsThemClearly() throws InterruptedException {
    putAll("a", "b", "key");
    CountDownLatch allBegan = new CountDownLatch(4);
    List<Together.Runner> runners =
        Together.start(
            4,
            index ->
                assertClosed(() -> {
                  while (true) {
                    assertThat(store().exists(KEY)).isTrue();
                    assertThat(entries()).hasSize(3);
                    allBegan.countDown();
                  }
                }));
    allBegan.await();
    store().close();
    Together.join(runners);
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StoreClosedException.class);
  }
}
