package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a store does not promise, it refuses. */
interface CapabilityContract extends StoreUnderTest {

  @Test
  default void conditionsThatAreNotPromisedAreRefused() {
    lacks(Capability.CONDITIONS);
    Mutation put = Mutation.Put.of(KEY, Value.empty()).onlyIf(Condition.absent());
    assertRefused(() -> store().write(put));
    assertThat(Outcome.of(store().writeAsync(put, Durability.OS)).failure())
        .isInstanceOf(NotSupportedException.class);
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void batchesThatAreNotPromisedAreRefused() {
    lacks(Capability.ATOMIC_BATCHES);
    WriteBatch batch =
        WriteBatch.of(
            Mutation.Put.of(bytes("a"), Value.empty()), Mutation.Put.of(bytes("b"), Value.empty()));
    assertRefused(() -> store().write(batch));
    assertThat(Outcome.of(store().writeAsync(batch, Durability.OS)).failure())
        .isInstanceOf(NotSupportedException.class);
    assertThat(entries()).isEmpty();
  }

  @Test
  default void backwardScansThatAreNotPromisedAreRefused() {
    lacks(Capability.BACKWARD_SCANS);
    assertRefused(() -> store().scan(KeyRange.all(), ScanOptions.DEFAULT.backwards()));
  }

  @Test
  default void anExpiryThatIsNotPromisedIsRefused() {
    lacks(Capability.EXPIRY);
    Mutation.Put put = Mutation.Put.of(KEY, Value.empty());
    assertRefused(() -> store().write(put.with(Expiry.after(Duration.ofDays(1)))));
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void streamedWritesThatAreNotPromisedAreRefused() {
    lacks(Capability.STREAMED_WRITES);
    assertRefused(
        () -> store().openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always()));
  }

  private void lacks(Capability capability) {
    assumeFalse(
        store().capabilities().contains(capability),
        () -> "Skipped: the store promises " + capability + ".");
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NotSupportedException.class);
  }
}
