package io.minikv.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a stage ended: exactly what a dependent action is given. */
final class Outcome<T> {

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable T result;
  private volatile @Nullable Throwable failure;

  private Outcome() {}

  static <T> Outcome<T> of(CompletionStage<T> stage) {
    Outcome<T> outcome = new Outcome<>();
    stage.whenComplete(outcome::end);
    return outcome;
  }

  private void end(@Nullable T endResult, @Nullable Throwable endFailure) {
    result = endResult;
    failure = endFailure;
    ended.countDown();
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Its result; fails when there is none. */
  T success() {
    await();
    T value = result;
    if (value == null) {
      throw new AssertionError("The stage should have a result, but failed.", failure);
    }
    return value;
  }

  /** Its result; throws what it failed with, as a method that waits would have done. */
  T result() {
    if (failureIfAny().orElse(null) instanceof StoreException refused) {
      throw refused;
    }
    return success();
  }

  /** What it failed with; fails when it did not. */
  Throwable failure() {
    return failureIfAny()
        .orElseThrow(
            () -> new AssertionError("The stage should have failed, but ended in " + result));
  }

  Optional<Throwable> failureIfAny() {
    await();
    return Optional.ofNullable(failure);
  }

  private void await() {
    try {
      assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("the stage ended in time")
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for a stage.", e);
    }
  }
}
