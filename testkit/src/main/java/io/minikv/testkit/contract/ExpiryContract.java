package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Entries that go by themselves. */
interface ExpiryContract extends StoreUnderTest {

  Duration SECOND = Duration.ofSeconds(1);

  @Test
  default void anEntryIsThereUntilItExpires() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND.minusMillis(1));
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("expiring"));
    assertThat(store().count(KeyRange.all())).isEqualTo(1);
  }

  @Test
  default void fromItsInstantOnItIsGoneForEveryReader() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    assertThat(store().get(KEY)).isEmpty();
    assertThat(store().info(KEY)).isEmpty();
    assertThat(store().exists(KEY)).isFalse();
    assertThat(store().getAll(List.of(KEY))).isEmpty();
    assertThat(store().openReader(KEY)).isEmpty();
    assertThat(entries()).isEmpty();
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT)).isEmpty();
    assertThat(store().count(KeyRange.all())).isZero();
  }

  @Test
  default void theInstantOfExpiryIsTold() {
    requires(Capability.EXPIRY);
    Instant written = clock().instant();
    putExpiring(bytes("a"), Expiry.after(SECOND));
    putExpiring(bytes("b"), Expiry.at(written.plusSeconds(7)));
    putExpiring(bytes("c"), Expiry.never());
    assertThat(entries())
        .extracting(entry -> entry.info().expiresAt())
        .containsExactly(
            Optional.of(written.plus(SECOND)),
            Optional.of(written.plusSeconds(7)),
            Optional.empty());
  }

  @Test
  default void aFixedInstantIsKeptWhateverTheTimeOfWriting() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.at(clock().instant().plusSeconds(10)));
    clock().advance(Duration.ofMillis(9_999));
    assertThat(store().exists(KEY)).isTrue();
    clock().advance(Duration.ofMillis(1));
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void anInstantInThePastMakesTheEntryAbsentAtOnce() {
    requires(Capability.EXPIRY);
    store().put(KEY, Value.of("before"));
    WriteResult result = putExpiring(KEY, Expiry.at(Instant.EPOCH));
    assertThat(result.version()).isPresent();
    assertThat(store().get(KEY)).isEmpty();
    assertThat(entries()).isEmpty();
  }

  @Test
  default void theVersionBeforeAnExpiredOneDoesNotComeBack() {
    requires(Capability.EXPIRY);
    store().put(KEY, Value.of("older"));
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    assertThat(store().get(KEY)).isEmpty();
    assertThat(entries()).isEmpty();
  }

  @Test
  default void anExpiredEntryCountsAsAbsentForConditions() {
    requires(Capability.EXPIRY);
    requires(Capability.CONDITIONS);
    WriteResult expired = putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("new"));
    List<Condition> refused =
        List.of(Condition.present(), Condition.versionIs(expired.version().orElseThrow()));
    for (Condition condition : refused) {
      assertThatThrownBy(() -> store().write(put.onlyIf(condition)))
          .isInstanceOfSatisfying(
              ConditionFailedException.class, refusal -> assertThat(refusal.current()).isEmpty());
    }
    assertThat(store().write(put.onlyIf(Condition.absent())).created()).isTrue();
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("new"));
  }

  @Test
  default void aWriteOverAnExpiredEntryFindsNothingBeforeIt() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    WriteResult put = store().put(KEY, Value.of("new"));
    assertThat(put.previous()).isEmpty();
    assertThat(put.created()).isTrue();
  }

  @Test
  default void aDeleteOfAnExpiredEntryWritesNothing() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    assertThat(store().delete(KEY)).isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
    assertThat(store().get(KEY)).isEmpty();
  }

  @Test
  default void anOverwriteSetsItsOwnExpiry() {
    requires(Capability.EXPIRY);
    putExpiring(KEY, Expiry.after(SECOND));
    putExpiring(KEY, Expiry.after(Duration.ofHours(1)));
    clock().advance(SECOND);
    assertThat(store().exists(KEY)).isTrue();
    putExpiring(KEY, Expiry.after(SECOND));
    clock().advance(SECOND);
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void itemsOfABatchExpireEachForItself() {
    requires(Capability.EXPIRY);
    requires(Capability.ATOMIC_BATCHES);
    store()
        .write(
            WriteBatch.of(
                expiring(bytes("a"), Expiry.after(SECOND)),
                expiring(bytes("b"), Expiry.never()),
                expiring(bytes("c"), Expiry.after(SECOND.multipliedBy(2)))));
    clock().advance(SECOND);
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT)).containsExactly("b", "c");
    clock().advance(SECOND);
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT)).containsExactly("b");
  }

  @Test
  default void aLimitedScanLeavesExpiredEntriesOut() {
    requires(Capability.EXPIRY);
    putExpiring(bytes("a"), Expiry.after(SECOND));
    putAll("b", "c");
    clock().advance(SECOND);
    ScanOptions one = ScanOptions.DEFAULT.limitedTo(1);
    assertThat(keys(KeyRange.all(), one)).containsExactly("b");
  }

  @Test
  default void theLongestTimeToLiveIsKept() {
    requires(Capability.EXPIRY);
    Duration longest = Duration.ofDays(36_525);
    putExpiring(KEY, Expiry.after(longest));
    assertThat(store().info(KEY).flatMap(EntryInfo::expiresAt))
        .contains(clock().instant().plus(longest));
  }

  private WriteResult putExpiring(Key key, Expiry expiry) {
    return store().write(expiring(key, expiry));
  }

  private static Mutation expiring(Key key, Expiry expiry) {
    return Mutation.Put.of(key, Value.of("expiring")).with(expiry);
  }
}
