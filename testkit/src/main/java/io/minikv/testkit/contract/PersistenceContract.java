package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is there after the store was closed and opened again: everything. */
interface PersistenceContract extends StoreUnderTest {

  @Test
  default void everythingIsThereAfterReopening() {
    requires(Capability.PERSISTENCE);
    putAll("a", "b", "\0", "\u00ff", "b");
    store().put(Key.copyOf(new byte[Key.MAX_LENGTH]), Value.wrap(new byte[300_000]));
    clock().advance(Duration.ofHours(1));
    Mutation.Put put = Mutation.Put.of(KEY, Value.empty());
    store().write(put.with(Attributes.of("name", "text")).with(Expiry.after(Duration.ofDays(1))));
    store().delete(bytes("a"));
    List<Entry> before = entries();
    assertThat(before).hasSize(5);
    for (int i = 0; i < 3; i++) {
      reopen();
      assertThat(entries()).isEqualTo(before);
      assertThat(store().exists(bytes("a"))).isFalse();
    }
  }

  @Test
  default void everyDurabilitySurvivesClosing() {
    requires(Capability.PERSISTENCE);
    for (Durability durability : Durability.values()) {
      store().write(Mutation.Put.of(bytes(durability.name()), Value.empty()), durability);
    }
    reopen();
    assertThat(entries()).hasSize(Durability.values().length);
  }

  @Test
  default void anEmptyStoreIsEmptyAfterReopening() {
    requires(Capability.PERSISTENCE);
    reopen();
    assertThat(entries()).isEmpty();
    store().put(KEY, Value.of("1"));
    assertThat(entries()).hasSize(1);
  }

  @Test
  default void versionsGoOnIncreasingAfterReopening() {
    requires(Capability.PERSISTENCE);
    Version last = store().put(KEY, Value.empty()).version().orElseThrow();
    for (int i = 0; i < 3; i++) {
      last = assertGreater(last, store().put(KEY, Value.empty()).version().orElseThrow());
      last = assertGreater(last, store().delete(KEY).version().orElseThrow());
      reopen();
      last = assertGreater(last, store().put(KEY, Value.empty()).version().orElseThrow());
      reopen();
    }
  }

  private static Version assertGreater(Version before, Version after) {
    assertThat(after).isGreaterThan(before);
    return after;
  }

  @Test
  default void conditionsAreDecidedAgainstWhatWasThereBeforeReopening() {
    requires(Capability.PERSISTENCE);
    requires(Capability.CONDITIONS);
    Version first = store().put(KEY, Value.of("1")).version().orElseThrow();
    Version second = store().put(KEY, Value.of("2")).version().orElseThrow();
    reopen();
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("3"));
    assertThatThrownBy(() -> store().write(put.onlyIf(Condition.versionIs(first))))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(store().write(put.onlyIf(Condition.versionIs(second))).previous()).contains(second);
  }

  @Test
  default void aBatchIsWholeAfterReopening() {
    requires(Capability.PERSISTENCE);
    requires(Capability.ATOMIC_BATCHES);
    putAll("b");
    store()
        .write(
            WriteBatch.of(
                Mutation.Put.of(bytes("a"), Value.of("1")),
                Mutation.Delete.of(bytes("b")),
                Mutation.Put.of(bytes("c"), Value.of("3"))));
    List<Entry> before = entries();
    reopen();
    assertThat(entries()).isEqualTo(before).hasSize(2);
  }

  @Test
  default void entriesExpireWhileTheStoreIsClosed() {
    requires(Capability.PERSISTENCE);
    requires(Capability.EXPIRY);
    putAll("stays");
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("goes"));
    store().put(KEY, Value.of("must not come back"));
    store().write(put.with(Expiry.after(Duration.ofHours(1))));
    reopen();
    assertThat(store().exists(KEY)).isTrue();
    clock().advance(Duration.ofHours(1));
    reopen();
    assertThat(entries()).extracting(Entry::key).containsExactly(bytes("stays"));
  }

  @Test
  default void aStreamedValueIsThereAfterReopening() {
    requires(Capability.PERSISTENCE);
    requires(Capability.STREAMED_WRITES);
    byte[] value = new byte[1_000_000];
    new Random(1).nextBytes(value);
    try (ValueWriter writer =
            store().openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always());
        ValueWriter abandoned =
            store().openWriter(bytes("x"), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(ByteBuffer.wrap(value));
      writer.commit(Durability.OS);
      abandoned.write(ByteBuffer.wrap(value));
    }
    reopen();
    assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
    assertThat(store().exists(bytes("x"))).isFalse();
  }
}
