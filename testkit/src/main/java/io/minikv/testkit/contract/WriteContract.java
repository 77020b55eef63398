package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Puts and deletes of single keys. */
interface WriteContract extends StoreUnderTest {

  @Test
  default void aPutOfAnAbsentKeyCreatesIt() {
    WriteResult result = store().put(KEY, Value.of("1"));
    assertThat(result.version()).isPresent();
    assertThat(result.previous()).isEmpty();
    assertThat(result.created()).isTrue();
    assertThat(store().info(KEY).map(EntryInfo::version)).isEqualTo(result.version());
  }

  @Test
  default void aPutOfAPresentKeyTellsThePreviousVersion() {
    WriteResult first = store().put(KEY, Value.of("1"));
    WriteResult second = store().put(KEY, Value.of("2"));
    assertThat(second.previous()).isEqualTo(first.version());
    assertThat(second.created()).isFalse();
    assertThat(second.version().orElseThrow()).isGreaterThan(first.version().orElseThrow());
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("2"));
  }

  @Test
  default void aPutReplacesAllThatWasUnderTheKey() {
    Mutation.Put first = Mutation.Put.of(KEY, Value.of("a longer value"));
    store().write(first.with(Attributes.of("name", "text")));
    store().put(KEY, Value.of("short"));
    Entry entry = store().get(KEY).orElseThrow();
    assertThat(entry.value()).isEqualTo(Value.of("short"));
    assertThat(entry.attributes()).isEqualTo(Attributes.none());
    assertThat(entry.info().expiresAt()).isEmpty();
  }

  @Test
  default void aPutChangesNoOtherKey() {
    putAll("a", "b", "c");
    List<Entry> before = entries();
    store().put(bytes("b"), Value.of("new"));
    List<Entry> after = entries();
    assertThat(after).hasSize(3);
    assertThat(after.get(0)).isEqualTo(before.get(0));
    assertThat(after.get(2)).isEqualTo(before.get(2));
  }

  @Test
  default void aDeleteMakesTheKeyAbsentAndTellsWhatWasThere() {
    WriteResult put = store().put(KEY, Value.of("1"));
    WriteResult delete = store().delete(KEY);
    assertThat(delete.previous()).isEqualTo(put.version());
    assertThat(delete.version().orElseThrow()).isGreaterThan(put.version().orElseThrow());
    assertThat(delete.created()).isFalse();
    assertThat(store().get(KEY)).isEmpty();
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void aDeleteOfAnAbsentKeyWritesNothing() {
    assertThat(store().delete(KEY)).isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
    store().put(KEY, Value.of("1"));
    store().delete(KEY);
    assertThat(store().delete(KEY)).isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
  }

  @Test
  default void aKeyCanBePutAgainAfterItsDelete() {
    store().put(KEY, Value.of("1"));
    Version deleted = store().delete(KEY).version().orElseThrow();
    WriteResult again = store().put(KEY, Value.of("2"));
    assertThat(again.previous()).isEmpty();
    assertThat(again.created()).isTrue();
    assertThat(again.version().orElseThrow()).isGreaterThan(deleted);
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("2"));
  }

  @Test
  default void versionsIncreaseFromWriteToWriteWhateverTheKey() {
    List<Version> versions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      store().put(bytes("a" + i), Value.empty()).version().ifPresent(versions::add);
      store().delete(bytes("a" + (i - 3))).version().ifPresent(versions::add);
      Mutation item = Mutation.Put.of(bytes("b" + i % 3), Value.empty());
      store().write(WriteBatch.of(item)).version().ifPresent(versions::add);
    }
    assertThat(versions).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @Test
  default void everyDurabilityMayBeAskedFor() {
    for (Durability durability : Durability.values()) {
      Value value = Value.of(durability.name());
      store().write(Mutation.Put.of(KEY, value), durability);
      assertThat(store().get(KEY).map(Entry::value)).contains(value);
      store().write(WriteBatch.of(Mutation.Delete.of(KEY)), durability);
      assertThat(store().exists(KEY)).isFalse();
    }
  }

  @Test
  default void flushReturnsWhateverWasWritten() {
    store().flush();
    store().write(Mutation.Put.of(KEY, Value.of("1")), Durability.OS);
    store().flush();
    store().flush();
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("1"));
  }

  @Test
  default void aValueMayBeAsLongAsTheLimit() {
    byte[] value = new byte[Math.toIntExact(store().limits().maxValueBytes())];
    value[value.length - 1] = 42;
    store().put(KEY, Value.copyOf(value));
    assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
  }

  @Test
  default void aLongerValueIsRefusedAndChangesNothing() {
    store().put(KEY, Value.of("before"));
    long limit = store().limits().maxValueBytes();
    Value tooLong = Value.wrap(new byte[Math.toIntExact(limit + 1)]);
    LimitExceededException refusal =
        catchThrowableOfType(LimitExceededException.class, () -> store().put(KEY, tooLong));
    assertThat(refusal.actual()).isEqualTo(limit + 1);
    assertThat(refusal.limit()).isEqualTo(limit);
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("before"));
  }

  @Test
  default void limitsAndCapabilitiesAreFixed() {
    assertThat(store().limits()).isEqualTo(OpenedStore.LIMITS).isEqualTo(store().limits());
    assertThat(store().capabilities()).isEqualTo(store().capabilities());
    assertThatThrownBy(() -> store().capabilities().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  default void anOverwriteTakesTheExpiryAway() {
    requires(Capability.EXPIRY);
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("1"));
    store().write(put.with(Expiry.after(Duration.ofSeconds(1))));
    store().put(KEY, Value.of("2"));
    clock().advance(Duration.ofHours(1));
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("2"));
  }
}
