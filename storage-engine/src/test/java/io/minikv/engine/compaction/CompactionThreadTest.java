package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.CompactionReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that is not woken waits for ever: so each test has a limit, on a thread of its own. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompactionThreadTest {

  private static final Duration LONG = Duration.ofDays(1);
  private static final CompactionReport REPORT =
      new CompactionReport(Instant.EPOCH, Duration.ZERO, 2, 1, 200, 100, 1, 1);

  private final CountDownLatch thrice = new CountDownLatch(3);

  @Test
  void it_looks_again_and_again_after_its_interval() throws InterruptedException {
    try (CompactionThread _ = new CompactionThread(() -> report(), Duration.ofNanos(1))) {
      thrice.await();
    }
    assertThat(thrice.getCount()).isZero();
  }

  private Optional<CompactionReport> report() {
    thrice.countDown();
    return Optional.of(REPORT);
  }

  @Test
  void it_looks_at_once_when_it_is_woken() throws InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    CompactionThread.Compactions compactions =
        () -> {
          looked.countDown();
          return Optional.empty();
        };
    try (CompactionThread thread = new CompactionThread(compactions, LONG)) {
      thread.wake();
      looked.await();
    }
    assertThat(looked.getCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IOException.class,
        IllegalStateException.class,
        StoreClosedException.class,
        OutOfMemoryError.class
      })
  void a_compaction_that_fails_is_tried_again(Class<? extends Throwable> failure)
      throws InterruptedException {
    CompactionThread.Compactions compactions =
        () -> {
          thrice.countDown();
          throw thrown(failure);
        };
    try (CompactionThread _ = new CompactionThread(compactions, Duration.ofNanos(1))) {
      thrice.await();
    }
    assertThat(thrice.getCount()).isZero();
  }

  /** Throws what is not checked, and returns what is. */
  private static IOException thrown(Class<? extends Throwable> failure) {
    if (failure == IOException.class) {
      return new IOException("the disk failed");
    }
    if (failure == StoreClosedException.class) {
      throw new StoreClosedException("The store is closed.");
    }
    if (failure == OutOfMemoryError.class) {
      throw new OutOfMemoryError("no memory");
    }
    throw new IllegalStateException("a mistake");
  }

  @Test
  void closing_it_waits_for_a_compaction_that_runs() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    CompactionThread thread =
        new CompactionThread(
            () -> {
              running.countDown();
              LockSupport.parkNanos(20_000_000);
              done.incrementAndGet();
              return Optional.empty();
            },
            LONG);
    thread.wake();
    running.await();

    thread.close();

    assertThat(done).hasValue(1);
  }
}
