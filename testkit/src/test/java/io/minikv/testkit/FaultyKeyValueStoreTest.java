package io.minikv.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FaultyKeyValueStoreTest {

  private static final Key KEY = Key.of("key");
  private static final Mutation PUT = Mutation.Put.of(KEY, Value.of("value"));

  private final InMemoryKeyValueStore inner = new InMemoryKeyValueStore();
  private final FaultyKeyValueStore store = new FaultyKeyValueStore(inner);

  @Test
  void everyKindOfCallCanBeMadeToFail() {
    store.write(PUT);
    assertFails(Call.GET, () -> store.get(KEY));
    assertFails(Call.GET_ALL, () -> store.getAll(List.of(KEY)));
    assertFails(Call.INFO, () -> store.info(KEY));
    assertFails(Call.INFO, () -> store.exists(KEY));
    assertFails(Call.OPEN_READER, () -> store.openReader(KEY));
    assertFails(Call.WRITE, () -> store.write(PUT));
    assertFails(Call.WRITE, () -> store.put(KEY, Value.empty()));
    assertFails(Call.WRITE, () -> store.delete(KEY));
    assertFails(Call.WRITE, () -> store.write(WriteBatch.of(PUT)));
    assertFails(Call.OPEN_WRITER, this::openWriter);
    assertFails(Call.FLUSH, store::flush);
    assertFails(Call.SCAN, () -> store.scan(KeyRange.all()));
    assertFails(Call.COUNT, () -> store.count(KeyRange.all()));
    assertThat(inner.openHandles()).isZero();
  }

  @Test
  void cursorsReadersAndWritersCanBeMadeToFail() {
    store.write(PUT);
    try (Cursor cursor = store.scan(KeyRange.all());
        ValueReader reader = store.openReader(KEY).orElseThrow();
        ValueWriter writer = openWriter()) {
      assertFails(Call.NEXT, cursor::next);
      assertFails(Call.READ, () -> reader.read(0, ByteBuffer.allocate(1)));
      assertFails(Call.APPEND, () -> writer.write(ByteBuffer.allocate(1)));
      assertFails(Call.WRITE, () -> writer.commit(Durability.OS));
    }
    assertThat(inner.openHandles()).isZero();
  }

  @Test
  void aCallThatFailsDoesNotReachTheStore() {
    store.fail(Call.WRITE, FaultyKeyValueStoreTest::diskFull);
    assertThatThrownBy(() -> store.write(PUT)).isInstanceOf(NotWritableException.class);
    assertThat(inner.exists(KEY)).isFalse();
    store.heal();
    assertThat(store.write(PUT).created()).isTrue();
  }

  @Test
  void theStageOfACallThatFailsEndsWithTheException() {
    store.fail(Call.WRITE, FaultyKeyValueStoreTest::diskFull);
    assertThat(writeAsync().exceptionNow()).isInstanceOf(NotWritableException.class);
    assertThat(store.writeAsync(WriteBatch.of(PUT), Durability.OS).toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(inner.exists(KEY)).isFalse();
  }

  @Test
  void oneCallCanFailAmongOthers() {
    for (String key : List.of("a", "b", "c")) {
      store.put(Key.of(key), Value.empty());
    }
    Supplier<StoreException> damage =
        () -> new DamagedDataException("damaged", Optional.of(Key.of("b")), "file");
    store.failOnceAfter(1, Call.NEXT, damage);
    try (Cursor cursor = store.scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      assertThatThrownBy(cursor::next).isInstanceOf(DamagedDataException.class);
      assertThat(cursor.next()).isTrue();
    }
  }

  @Test
  void aHeldWriteWithoutWaitingHappensWhenItIsReleased() {
    store.hold(Call.WRITE);
    CompletableFuture<WriteResult> first = writeAsync();
    CompletableFuture<WriteResult> second = writeAsync();
    assertThat(store.held(Call.WRITE)).isEqualTo(2);
    assertThat(first).isNotDone();
    assertThat(inner.exists(KEY)).isFalse();

    store.release(Call.WRITE);
    assertThat(second.join().previous()).isEqualTo(first.join().version());
    assertThat(store.held(Call.WRITE)).isZero();
    assertThat(inner.exists(KEY)).isTrue();
  }

  @Test
  void aHeldWriteCanFailWhenItIsReleased() {
    store.hold(Call.WRITE);
    CompletableFuture<WriteResult> held = writeAsync();
    store.fail(Call.WRITE, FaultyKeyValueStoreTest::overload);
    store.release(Call.WRITE);
    assertThat(held.exceptionNow()).isInstanceOf(OverloadedException.class);
  }

  @Test
  void aHeldReadWaits() throws InterruptedException {
    store.write(PUT);
    store.hold(Call.GET);
    CompletableFuture<Optional<Entry>> read = new CompletableFuture<>();
    Thread reader = Thread.ofVirtual().start(() -> read.complete(store.get(KEY)));
    await().until(() -> store.held(Call.GET) == 1);
    assertThat(read).isNotDone();
    store.heal();
    assertThat(read.join()).isPresent();
    reader.join();
  }

  @Test
  void theOtherStoreIsClosedEvenWhenClosingFails() {
    store.fail(Call.CLOSE, FaultyKeyValueStoreTest::diskFull);
    assertThatThrownBy(store::close).isInstanceOf(NotWritableException.class);
    assertThatThrownBy(() -> inner.get(KEY)).isInstanceOf(StoreClosedException.class);
  }

  private void assertFails(Call kind, Runnable call) {
    store.fail(kind, FaultyKeyValueStoreTest::overload);
    assertThatThrownBy(call::run).isInstanceOf(OverloadedException.class);
    store.heal();
  }

  private CompletableFuture<WriteResult> writeAsync() {
    return store.writeAsync(PUT, Durability.OS).toCompletableFuture();
  }

  private ValueWriter openWriter() {
    return store.openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always());
  }

  private static StoreException overload() {
    return new OverloadedException("too much");
  }

  private static StoreException diskFull() {
    return new NotWritableException(NotWritableException.Reason.DISK_FULL, "full", null);
  }
}
