package io.minikv.engine.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that is not woken waits for ever: so each test has a limit, on a thread of its own. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerTest {

  private final CountDownLatch working = new CountDownLatch(1);

  @Test
  void works_after_each_pause() throws InterruptedException {
    CountDownLatch thrice = new CountDownLatch(3);
    try (Worker _ = new Worker("worker", () -> 1, thrice::countDown)) {
      thrice.await();
    }
    assertThat(thrice.getCount()).isZero();
  }

  @Test
  void works_once_more_when_it_was_woken_while_its_work_waited_for_something_else()
      throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch twice = new CountDownLatch(2);
    Worker worker =
        new Worker(
            "worker",
            () -> Long.MAX_VALUE,
            () -> {
              if (begun.getAndIncrement() == 0) {
                useUpThePermit();
              }
              twice.countDown();
            });
    try (worker) {
      worker.wake();
      working.await();
      worker.wake();
      twice.await();
    }
    assertThat(begun).hasValue(2);
  }

  @Test
  void ends_when_it_is_closed_while_its_work_waits_for_something_else()
      throws InterruptedException {
    Worker worker = new Worker("worker", () -> Long.MAX_VALUE, this::useUpThePermit);
    worker.wake();
    working.await();
    worker.close();
    assertThat(working.getCount()).isZero();
  }

  @Test
  void an_interrupt_kept_it_from_ever_pausing_again() {
    AtomicInteger done = new AtomicInteger();
    AtomicReference<Thread> thread = new AtomicReference<>();
    Worker worker =
        new Worker(
            "worker",
            () -> Long.MAX_VALUE,
            () -> {
              thread.set(Thread.currentThread());
              if (done.getAndIncrement() == 0) {
                Thread.currentThread().interrupt();
              }
            });
    try (worker) {
      worker.wake();
      await().until(() -> done.get() > 1 && thread.get().getState() == Thread.State.TIMED_WAITING);
      assertThat(done).hasValue(2);
    }
  }

  @Test
  void closing_is_not_ended_by_an_interrupt() throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    Worker worker =
        new Worker(
            "worker",
            () -> Long.MAX_VALUE,
            () -> {
              working.countDown();
              LockSupport.parkNanos(20_000_000);
              done.incrementAndGet();
            });
    worker.wake();
    working.await();
    Thread.currentThread().interrupt();
    worker.close();
    assertThat(done).hasValue(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  /** As a lock does that is waited for: it takes what wakes the thread for its own. */
  private void useUpThePermit() {
    working.countDown();
    LockSupport.park(this);
  }
}
