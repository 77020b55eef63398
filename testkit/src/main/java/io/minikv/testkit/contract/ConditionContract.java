package io.minikv.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Entry;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Conditions of puts and deletes of single keys. */
interface ConditionContract extends StoreUnderTest {

  @Test
  default void alwaysHoldsWhateverIsThere() {
    requires(Capability.CONDITIONS);
    assertHolds(Condition.always());
    assertHolds(Condition.always());
  }

  @Test
  default void absentHoldsForAbsentKeysOnly() {
    requires(Capability.CONDITIONS);
    assertHolds(Condition.absent());
    assertFails(Condition.absent());
    store().delete(KEY);
    assertHolds(Condition.absent());
  }

  @Test
  default void presentHoldsForPresentKeysOnly() {
    requires(Capability.CONDITIONS);
    assertFails(Condition.present());
    store().put(KEY, Value.empty());
    assertHolds(Condition.present());
    store().delete(KEY);
    assertFails(Condition.present());
  }

  @Test
  default void versionIsHoldsForExactlyThatVersion() {
    requires(Capability.CONDITIONS);
    Version first = put("same");
    assertHolds(Condition.versionIs(first));
    Version second = put("same");
    assertFails(Condition.versionIs(first));
    assertHolds(Condition.versionIs(second));
  }

  @Test
  default void aVersionNeverMatchesAnotherWriteOfTheSameValue() {
    requires(Capability.CONDITIONS);
    Version first = put("same");
    store().delete(KEY);
    assertFails(Condition.versionIs(first));
    put("same");
    assertFails(Condition.versionIs(first));
  }

  @Test
  default void versionAnyOfHoldsForThoseVersionsOnly() {
    requires(Capability.CONDITIONS);
    Version first = put("1");
    Version second = put("2");
    assertHolds(Condition.versionAnyOf(Set.of(first, second)));
    assertFails(Condition.versionAnyOf(Set.of(first, second)));
    assertFails(Condition.versionAnyOf(Set.of()));
    store().delete(KEY);
    assertFails(Condition.versionAnyOf(Set.of(first, second)));
  }

  @Test
  default void versionNoneOfHoldsForAbsentKeysAndOtherVersions() {
    requires(Capability.CONDITIONS);
    Version unseen = new Version(Long.MAX_VALUE);
    assertHolds(Condition.versionNoneOf(Set.of(unseen)));
    Version current = put("1");
    assertFails(Condition.versionNoneOf(Set.of(unseen, current)));
    assertHolds(Condition.versionNoneOf(Set.of(unseen)));
    assertHolds(Condition.versionNoneOf(Set.of()));
  }

  @Test
  default void aDeleteIsDoneUnderItsConditionOnly() {
    requires(Capability.CONDITIONS);
    Version first = put("1");
    Version second = put("2");
    assertRefused(Mutation.Delete.of(KEY).onlyIf(Condition.versionIs(first)));
    WriteResult result = store().write(Mutation.Delete.of(KEY).onlyIf(Condition.versionIs(second)));
    assertThat(result.previous()).contains(second);
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void aDeleteOfAnAbsentKeyHasItsConditionDecidedToo() {
    requires(Capability.CONDITIONS);
    assertRefused(Mutation.Delete.of(KEY).onlyIf(Condition.present()));
    assertThat(store().write(Mutation.Delete.of(KEY).onlyIf(Condition.absent())))
        .isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
  }

  private Version put(String value) {
    return store().put(KEY, Value.of(value)).version().orElseThrow();
  }

  private void assertHolds(Condition condition) {
    Value value = Value.of("written under " + condition);
    WriteResult result = store().write(Mutation.Put.of(KEY, value).onlyIf(condition));
    Entry entry = store().get(KEY).orElseThrow();
    assertThat(entry.value()).isEqualTo(value);
    assertThat(Optional.of(entry.version())).isEqualTo(result.version());
  }

  private void assertFails(Condition condition) {
    assertRefused(Mutation.Put.of(KEY, Value.of("never")).onlyIf(condition));
    assertRefused(Mutation.Delete.of(KEY).onlyIf(condition));
  }

  private void assertRefused(Mutation mutation) {
    Optional<Entry> before = store().get(KEY);
    ConditionFailedException refusal =
        catchThrowableOfType(ConditionFailedException.class, () -> store().write(mutation));
    assertThat(refusal).as("the refusal of %s", mutation).isNotNull();
    assertThat(refusal.key()).isEqualTo(KEY);
    assertThat(refusal.current()).isEqualTo(before.map(Entry::version));
    assertThat(store().get(KEY)).isEqualTo(before);
  }
}
