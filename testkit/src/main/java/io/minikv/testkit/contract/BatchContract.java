package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Entry;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several keys in one write. */
interface BatchContract extends StoreUnderTest {

  @Test
  default void aBatchDoesAllItsItemsUnderOneVersion() {
    requires(Capability.ATOMIC_BATCHES);
    putAll("b", "c");
    Attributes attributes = Attributes.of("name", "text");
    BatchResult result =
        store().write(WriteBatch.of(put("c").with(attributes), delete("b"), put("a")));
    Version version = result.version().orElseThrow();
    assertThat(entries()).extracting(Entry::key).containsExactly(bytes("a"), bytes("c"));
    assertThat(entries()).extracting(Entry::version).containsOnly(version);
    assertThat(store().get(bytes("c")).map(Entry::attributes)).contains(attributes);
    assertThat(store().get(bytes("c")).map(Entry::value)).contains(put("c").value());
  }

  @Test
  default void aBatchTellsThePreviousVersionsInItsOrder() {
    requires(Capability.ATOMIC_BATCHES);
    Optional<Version> b = store().put(bytes("b"), Value.empty()).version();
    Optional<Version> c = store().put(bytes("c"), Value.empty()).version();
    BatchResult result = store().write(WriteBatch.of(put("c"), delete("x"), delete("b"), put("a")));
    assertThat(result.previous()).containsExactly(c, Optional.empty(), b, Optional.empty());
    assertThat(result.version().orElseThrow()).isGreaterThan(c.orElseThrow());
  }

  @Test
  default void aBatchThatOnlyDeletesAbsentKeysWritesNothing() {
    requires(Capability.ATOMIC_BATCHES);
    BatchResult result = store().write(WriteBatch.of(delete("a"), delete("b")));
    assertThat(result)
        .isEqualTo(new BatchResult(Optional.empty(), List.of(Optional.empty(), Optional.empty())));
  }

  @Test
  default void whenOneConditionFailsNothingIsChanged() {
    requires(Capability.ATOMIC_BATCHES);
    requires(Capability.CONDITIONS);
    putAll("b", "d");
    List<Entry> before = entries();
    WriteBatch batch =
        WriteBatch.of(
            put("a"),
            put("d").onlyIf(Condition.absent()),
            delete("b"),
            put("c").onlyIf(Condition.present()));
    ConditionFailedException refusal =
        catchThrowableOfType(ConditionFailedException.class, () -> store().write(batch));
    assertThat(refusal.key()).isEqualTo(bytes("d"));
    assertThat(refusal.current()).contains(before.get(1).version());
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  default void aConditionThatFailsLastTakesAllBack() {
    requires(Capability.ATOMIC_BATCHES);
    requires(Capability.CONDITIONS);
    putAll("a", "b");
    List<Entry> before = entries();
    Mutation last = delete("z").onlyIf(Condition.present());
    WriteBatch batch = WriteBatch.of(put("a"), delete("b"), put("c"), last);
    assertThatThrownBy(() -> store().write(batch)).isInstanceOf(ConditionFailedException.class);
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  default void conditionsAreDecidedAgainstTheStoreBeforeTheBatch() {
    requires(Capability.ATOMIC_BATCHES);
    requires(Capability.CONDITIONS);
    Version b = store().put(bytes("b"), Value.empty()).version().orElseThrow();
    store()
        .write(
            WriteBatch.of(
                put("a").onlyIf(Condition.absent()),
                delete("b").onlyIf(Condition.versionIs(b)),
                put("c").onlyIf(Condition.absent())));
    assertThat(entries()).extracting(Entry::key).containsExactly(bytes("a"), bytes("c"));
  }

  @Test
  default void aBatchMayBeAsLargeAsTheLimits() {
    requires(Capability.ATOMIC_BATCHES);
    int items = store().limits().maxBatchItems();
    BatchResult result = store().write(puts(items, Value.of("v")));
    assertThat(result.previous()).hasSize(items);
    assertThat(entries())
        .hasSize(items)
        .allMatch(entry -> Optional.of(entry.version()).equals(result.version()));

    int half = Math.toIntExact(store().limits().maxBatchBytes() / 2);
    store().write(puts(2, Value.wrap(new byte[half - "key00000".length()])));
    assertThat(store().get(bytes("key00001")).orElseThrow().value().length()).isEqualTo(half - 8);
  }

  @Test
  default void aBatchWithTooManyItemsIsRefused() {
    requires(Capability.ATOMIC_BATCHES);
    assertRefused(puts(store().limits().maxBatchItems() + 1, Value.empty()));
  }

  @Test
  default void aBatchWithTooManyBytesIsRefused() {
    requires(Capability.ATOMIC_BATCHES);
    int half = Math.toIntExact(store().limits().maxBatchBytes() / 2);
    assertRefused(puts(2, Value.wrap(new byte[half])));
  }

  @Test
  default void aBatchWithTooLongAValueIsRefused() {
    requires(Capability.ATOMIC_BATCHES);
    int tooLong = Math.toIntExact(store().limits().maxValueBytes() + 1);
    Mutation bad = Mutation.Put.of(bytes("b"), Value.wrap(new byte[tooLong]));
    assertRefused(WriteBatch.of(put("a"), bad));
  }

  private void assertRefused(WriteBatch batch) {
    assertThatThrownBy(() -> store().write(batch)).isInstanceOf(LimitExceededException.class);
    assertThat(entries()).isEmpty();
  }

  private static WriteBatch puts(int count, Value value) {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mutations.add(Mutation.Put.of(bytes(String.format("key%05d", i)), value));
    }
    return new WriteBatch(mutations);
  }

  private static Mutation.Put put(String key) {
    return Mutation.Put.of(bytes(key), Value.of("put in a batch"));
  }

  private static Mutation.Delete delete(String key) {
    return Mutation.Delete.of(bytes(key));
  }
}
