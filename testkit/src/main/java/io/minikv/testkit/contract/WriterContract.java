package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
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
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.StoreException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values written in pieces. */
interface WriterContract extends StoreUnderTest {

  @Test
  default void aCommittedValueIsTheSumOfItsPieces() {
    Attributes attributes = Attributes.of("name", "text");
    try (ValueWriter writer = open(attributes, Expiry.never(), Condition.always())) {
      write(writer, "one, ");
      assertThat(writer.length()).isEqualTo(5);
      write(writer, "");
      write(writer, "two");
      assertThat(writer.length()).isEqualTo(8);
      WriteResult result = writer.commit(Durability.OS);
      assertThat(result.created()).isTrue();
      Entry entry = store().get(KEY).orElseThrow();
      assertThat(entry.value()).isEqualTo(Value.of("one, two"));
      assertThat(entry.attributes()).isEqualTo(attributes);
      assertThat(result.version()).contains(entry.version());
    }
    assertThat(store().exists(KEY)).isTrue();
  }

  @Test
  default void aWriterTakesAllThatRemainsOfItsSource() {
    try (ValueWriter writer = open()) {
      ByteBuffer source =
          ByteBuffer.wrap(Value.of("0123456789").toByteArray()).position(2).limit(7);
      writer.write(source);
      assertThat(source.hasRemaining()).isFalse();
      Arrays.fill(source.array(), (byte) '!');
      ByteBuffer direct = ByteBuffer.allocateDirect(3).put(new byte[] {'a', 'b', 'c'}).flip();
      writer.write(direct);
      writer.write(ByteBuffer.wrap(new byte[] {'d'}).asReadOnlyBuffer());
      writer.commit(Durability.OS);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("23456abcd"));
  }

  @Test
  default void aWriterWithoutPiecesPutsTheEmptyValue() {
    try (ValueWriter writer = open()) {
      writer.commit(Durability.OS);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.empty());
  }

  @Test
  default void aLongValueMayComeInManyPieces() {
    byte[] value = new byte[Math.toIntExact(store().limits().maxValueBytes())];
    new Random(3).nextBytes(value);
    try (ValueWriter writer = open()) {
      for (int from = 0; from < value.length; from += 10_007) {
        writer.write(ByteBuffer.wrap(value, from, Math.min(10_007, value.length - from)));
      }
      writer.commit(Durability.ALWAYS);
    }
    assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
    assertThat(store().info(KEY).orElseThrow().valueLength()).isEqualTo(value.length);
  }

  @Test
  default void nothingIsVisibleBeforeTheCommit() {
    store().put(KEY, Value.of("before"));
    try (ValueWriter writer = open()) {
      write(writer, "after");
      assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("before"));
      assertThat(entries()).extracting(Entry::value).containsExactly(Value.of("before"));
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("before"));
  }

  @Test
  default void closingThrowsAwayWhatWasNotCommitted() {
    ValueWriter writer = open();
    write(writer, "thrown away");
    writer.close();
    assertThatCode(writer::close).doesNotThrowAnyException();
    assertThatThrownBy(() -> write(writer, "more")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> writer.commit(Durability.OS)).isInstanceOf(StoreException.class);
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void noOtherWriteWaitsForAnOpenWriter() {
    try (ValueWriter first = open();
        ValueWriter second = open()) {
      write(first, "first");
      write(second, "second");
      Version between = store().put(KEY, Value.of("between")).version().orElseThrow();
      store().put(bytes("other"), Value.empty());
      assertThat(second.commit(Durability.OS).previous()).contains(between);
      assertThat(first.commit(Durability.OS).version().orElseThrow()).isGreaterThan(between);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("first"));
  }

  @Test
  default void theConditionIsDecidedAtTheCommit() {
    requires(Capability.CONDITIONS);
    store().put(KEY, Value.of("there"));
    try (ValueWriter writer = openIf(Condition.absent())) {
      write(writer, "new");
      store().delete(KEY);
      assertThat(writer.commit(Durability.OS).created()).isTrue();
    }
    try (ValueWriter writer = openIf(Condition.versionIs(version()))) {
      write(writer, "never");
      Version current = store().put(KEY, Value.of("changed")).version().orElseThrow();
      assertThatThrownBy(() -> writer.commit(Durability.OS))
          .isInstanceOfSatisfying(
              ConditionFailedException.class,
              refusal -> assertThat(refusal.current()).contains(current));
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("changed"));
  }

  @Test
  default void aTimeToLiveBeginsWithTheCommit() {
    requires(Capability.EXPIRY);
    Expiry second = Expiry.after(Duration.ofSeconds(1));
    try (ValueWriter writer = open(Attributes.none(), second, Condition.always())) {
      clock().advance(Duration.ofHours(1));
      writer.commit(Durability.OS);
    }
    EntryInfo info = store().info(KEY).orElseThrow();
    assertThat(info.writtenAt()).isEqualTo(clock().instant());
    assertThat(info.expiresAt()).contains(clock().instant().plusSeconds(1));
  }

  @Test
  default void aValueThatBecomesTooLongIsRefused() {
    int limit = Math.toIntExact(store().limits().maxValueBytes());
    try (ValueWriter writer = open()) {
      writer.write(ByteBuffer.allocate(limit));
      assertThatThrownBy(() -> write(writer, "!")).isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(() -> write(writer, "!")).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> writer.commit(Durability.OS)).isInstanceOf(StoreException.class);
    }
    assertThat(store().exists(KEY)).isFalse();
    store().put(KEY, Value.of("the store goes on"));
  }

  @Test
  default void aCommittedWriterCanOnlyBeClosed() {
    try (ValueWriter writer = open()) {
      write(writer, "value");
      writer.commit(Durability.OS);
      assertThatThrownBy(() -> write(writer, "more")).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> writer.commit(Durability.OS)).isInstanceOf(StoreException.class);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("value"));
  }

  @Test
  default void aWriterWhoseCommitWasRefusedCanOnlyBeClosed() {
    requires(Capability.CONDITIONS);
    try (ValueWriter writer = openIf(Condition.present())) {
      assertThatThrownBy(() -> writer.commit(Durability.OS))
          .isInstanceOf(ConditionFailedException.class);
      store().put(KEY, Value.of("there now"));
      assertThatThrownBy(() -> writer.commit(Durability.OS))
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(ConditionFailedException.class);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("there now"));
  }

  @Test
  default void aCommitCanBeMadeWithoutWaiting() {
    try (ValueWriter writer = open()) {
      write(writer, "value");
      WriteResult result = Outcome.of(writer.commitAsync(Durability.OS)).success();
      assertThat(result.version()).contains(version());
      assertThat(Outcome.of(writer.commitAsync(Durability.OS)).failure())
          .isInstanceOf(StoreException.class);
    }
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("value"));
  }

  @Test
  default void aCommitWithoutWaitingFailsThroughItsStage() {
    requires(Capability.CONDITIONS);
    try (ValueWriter writer = openIf(Condition.present())) {
      assertThat(Outcome.of(writer.commitAsync(Durability.OS)).failure())
          .isInstanceOf(ConditionFailedException.class);
    }
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void closingDoesNotTakeBackACommitThatIsUnderWay() {
    byte[] value = randomBytes(300_000);
    Outcome<WriteResult> outcome;
    try (ValueWriter writer = open()) {
      writer.write(ByteBuffer.wrap(value));
      outcome = Outcome.of(writer.commitAsync(Durability.ALWAYS));
    }
    assertThat(outcome.success().version()).contains(version());
    assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
  }

  @Test
  default void aStreamedValueIsReadWhereverInIt() {
    byte[] value = randomBytes(300_000);
    stream(value);
    try (ValueReader reader = store().openReader(KEY).orElseThrow()) {
      assertThat(ReaderContract.readAll(reader, ByteBuffer.allocate(70_000))).isEqualTo(value);
      ByteBuffer end = ByteBuffer.allocate(10);
      assertThat(reader.read(value.length - 3, end)).isEqualTo(3);
      assertThat(reader.info()).isEqualTo(store().info(KEY).orElseThrow());
    }
  }

  @Test
  default void readersAndCursorsGoOnSeeingAStreamedValue() {
    requires(Capability.CONSISTENT_VIEWS);
    byte[] value = randomBytes(300_000);
    stream(value);
    try (ValueReader reader = store().openReader(KEY).orElseThrow();
        Cursor cursor = store().scan(KeyRange.all())) {
      stream(randomBytes(200_000));
      store().delete(KEY);
      assertThat(ReaderContract.readAll(reader, ByteBuffer.allocate(70_000))).isEqualTo(value);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value().toByteArray()).isEqualTo(value);
    }
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void valuesAreStreamedSideBySide() throws InterruptedException {
    requires(Capability.STREAMED_WRITES);
    Together.run(
        4,
        thread -> {
          for (int round = 0; round < 5; round++) {
            Key key = bytes("key-" + thread);
            byte[] value = randomBytes(100_000 + 10 * thread + round);
            try (ValueWriter writer =
                store().openWriter(key, Attributes.none(), Expiry.never(), Condition.always())) {
              for (int from = 0; from < value.length; from += 9_999) {
                writer.write(ByteBuffer.wrap(value, from, Math.min(9_999, value.length - from)));
              }
              writer.commit(Durability.OS);
            }
            assertThat(store().get(key).orElseThrow().value().toByteArray()).isEqualTo(value);
          }
        });
    assertThat(entries()).hasSize(4);
  }

  @Test
  default void anInterruptNeitherEndsAWriterNorIsLost() {
    byte[] value = randomBytes(300_000);
    try (ValueWriter writer = open()) {
      Thread.currentThread().interrupt();
      writer.write(ByteBuffer.wrap(value));
      writer.commit(Durability.ALWAYS);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
  }

  private void stream(byte[] value) {
    try (ValueWriter writer = open()) {
      writer.write(ByteBuffer.wrap(value));
      writer.commit(Durability.OS);
    }
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private Version version() {
    return store().info(KEY).orElseThrow().version();
  }

  private ValueWriter open() {
    return openIf(Condition.always());
  }

  private ValueWriter openIf(Condition condition) {
    return open(Attributes.none(), Expiry.never(), condition);
  }

  private ValueWriter open(Attributes attributes, Expiry expiry, Condition condition) {
    requires(Capability.STREAMED_WRITES);
    return store().openWriter(KEY, attributes, expiry, condition);
  }

  private static void write(ValueWriter writer, String piece) {
    writer.write(Value.of(piece).asByteBuffer());
  }
}
