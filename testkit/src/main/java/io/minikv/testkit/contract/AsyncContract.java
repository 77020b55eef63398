package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.BatchResult;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes without waiting. */
interface AsyncContract extends StoreUnderTest {

  @Test
  default void aWriteWithoutWaitingGivesTheSameResult() {
    WriteResult put = Outcome.of(writeAsync(put(KEY, "1"))).success();
    assertThat(put.created()).isTrue();
    assertThat(store().get(KEY).map(Entry::version)).isEqualTo(put.version());
    WriteResult delete = Outcome.of(writeAsync(Mutation.Delete.of(KEY))).success();
    assertThat(delete.previous()).isEqualTo(put.version());
    assertThat(store().exists(KEY)).isFalse();
    assertThat(Outcome.of(writeAsync(Mutation.Delete.of(KEY))).success())
        .isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
  }

  @Test
  default void aBatchWithoutWaitingGivesTheSameResult() {
    requires(Capability.ATOMIC_BATCHES);
    WriteBatch batch = WriteBatch.of(put(bytes("a"), "1"), put(bytes("b"), "2"));
    BatchResult result = Outcome.of(store().writeAsync(batch, Durability.OS)).success();
    assertThat(result.previous()).containsExactly(Optional.empty(), Optional.empty());
    assertThat(entries())
        .hasSize(2)
        .extracting(entry -> Optional.of(entry.version()))
        .containsOnly(result.version());
  }

  @Test
  default void aFailedConditionEndsTheStageWithItself() {
    requires(Capability.CONDITIONS);
    Mutation refused = put(KEY, "never").onlyIf(Condition.present());
    assertThat(Outcome.of(writeAsync(refused)).failure())
        .isInstanceOf(ConditionFailedException.class);
    WriteBatch batch = WriteBatch.of(refused);
    assertThat(Outcome.of(store().writeAsync(batch, Durability.OS)).failure())
        .isInstanceOf(ConditionFailedException.class);
    assertThat(store().exists(KEY)).isFalse();
  }

  @Test
  default void anExceededLimitEndsTheStageWithItself() {
    int tooLong = Math.toIntExact(store().limits().maxValueBytes() + 1);
    Mutation refused = Mutation.Put.of(KEY, Value.wrap(new byte[tooLong]));
    assertThat(Outcome.of(writeAsync(refused)).failure())
        .isInstanceOf(LimitExceededException.class);
    WriteBatch batch = WriteBatch.of(refused);
    assertThat(Outcome.of(store().writeAsync(batch, Durability.OS)).failure())
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  default void aWriteIsVisibleWhenItsStageHasEnded() {
    for (int i = 0; i < 50; i++) {
      String text = "value " + i;
      CompletionStage<Optional<Entry>> read =
          writeAsync(put(KEY, text)).thenApply(result -> store().get(KEY));
      assertThat(Outcome.of(read).success().map(Entry::value)).contains(Value.of(text));
    }
  }

  @Test
  default void cancellingTheStageDoesNotTakeTheWriteBack() {
    writeAsync(put(KEY, "written")).toCompletableFuture().cancel(true);
    Together.await("the write is visible", () -> store().exists(KEY));
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.of("written"));
  }

  @Test
  default void dependentActionsMayBlockWithoutHarm() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    try {
      for (int i = 0; i < 64; i++) {
        startBlocked("blocked" + i, release);
      }
      Together.await("most writes are there", () -> store().count(KeyRange.all()) >= 32);
      Together.run(4, index -> store().put(bytes("waiting" + index), Value.of("1")));
      WriteResult later = Outcome.of(writeAsync(put(KEY, "1"))).success();
      assertThat(later.created()).isTrue();
      assertThat(store().exists(KEY)).isTrue();
    } finally {
      release.countDown();
    }
  }

  /** On a thread of its own: where the stage has ended already, the action runs right there. */
  private void startBlocked(String key, CountDownLatch release) {
    Thread.ofVirtual()
        .start(() -> writeAsync(put(bytes(key), "1")).thenRun(() -> awaitQuietly(release)));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  default void dependentActionsMayUseTheStore() {
    CompletionStage<WriteResult> chain = writeAsync(put(bytes("a"), "1"));
    for (String key : List.of("b", "c", "d")) {
      chain =
          chain.thenApply(result -> {
            store().put(bytes(key), Value.of("1"));
            store().flush();
            return result;
          });
    }
    assertThat(Outcome.of(chain).success().created()).isTrue();
    assertThat(entries()).hasSize(4);
  }

  @Tag("lengthy")
  @Test
  default void tooMuchInFlightEitherSucceedsOrIsRefused() {
    int count = 10_000;
    Value value = Value.wrap(new byte[1_000]);
    List<Outcome<WriteResult>> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(Outcome.of(writeAsync(Mutation.Put.of(bytes("key" + i), value))));
    }
    List<Version> versions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Optional<Throwable> failure = outcomes.get(i).failureIfAny();
      assertThat(store().exists(bytes("key" + i))).as("key %s", i).isEqualTo(failure.isEmpty());
      if (failure.isPresent()) {
        assertThat(failure.get()).isInstanceOf(OverloadedException.class);
      } else {
        versions.add(outcomes.get(i).success().version().orElseThrow());
      }
    }
    assertThat(versions).isNotEmpty().doesNotHaveDuplicates();
    store().put(KEY, Value.of("the store goes on"));
  }

  @Test
  default void writesOfOneKeyFollowEachOtherByVersion() {
    List<Outcome<WriteResult>> outcomes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      outcomes.add(Outcome.of(writeAsync(put(KEY, Integer.toString(i)))));
    }
    List<WriteResult> results =
        outcomes.stream()
            .filter(outcome -> outcome.failureIfAny().isEmpty())
            .map(Outcome::success)
            .sorted(Comparator.comparing(result -> result.version().orElseThrow()))
            .toList();
    assertThat(results).isNotEmpty();
    assertThat(results.getFirst().previous()).isEmpty();
    for (int i = 1; i < results.size(); i++) {
      assertThat(results.get(i).previous()).isEqualTo(results.get(i - 1).version());
    }
    assertThat(store().get(KEY).map(Entry::version)).isEqualTo(results.getLast().version());
  }

  private CompletionStage<WriteResult> writeAsync(Mutation mutation) {
    return store().writeAsync(mutation, Durability.OS);
  }

  private static Mutation.Put put(Key key, String value) {
    return Mutation.Put.of(key, Value.of(value));
  }
}
