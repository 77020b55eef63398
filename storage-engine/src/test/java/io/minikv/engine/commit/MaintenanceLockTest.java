package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.InvalidRequestException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MaintenanceLockTest {

  private final MaintenanceLock lock = new MaintenanceLock();

  @Test
  void maintenance_cannot_begin_within_another_one() {
    try (MaintenanceLock.Held _ = lock.acquire()) {
      assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(lock::acquire);
      assertThat(lock.tryAcquire()).isNull();
    }
  }

  @Test
  void what_another_thread_holds_is_not_to_be_had() {
    try (MaintenanceLock.Held _ = lock.acquire()) {
      assertThat(inAnotherThread()).isFalse();
    }
  }

  @Test
  void what_was_given_back_is_there_for_others() {
    lock.acquire().close();
    assertThat(inAnotherThread()).isTrue();

    try (MaintenanceLock.Held held = lock.tryAcquire()) {
      assertThat(held).isNotNull();
    }
    assertThat(inAnotherThread()).isTrue();
  }

  @Test
  void the_names_are_a_part_by_themselves_and_are_given_back_too() {
    try (MaintenanceLock.Held _ = lock.acquireNames()) {
      assertThat(inAnotherThread()).isTrue();
    }

    CompletableFuture.runAsync(() -> lock.acquireNames().close()).join();
  }

  /** Whether another thread gets it at once; it gives it back. */
  private boolean inAnotherThread() {
    return CompletableFuture.supplyAsync(
            () -> {
              try (MaintenanceLock.Held held = lock.tryAcquire()) {
                return held != null;
              }
            })
        .join();
  }
}
