package io.minikv.engine.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UninterruptiblyTest {

  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread awaited = Thread.ofPlatform().daemon().start(this::awaitEnd);
  private final AtomicBoolean interruptKept = new AtomicBoolean();

  @AfterEach
  void endThread() {
    end.countDown();
  }

  @Test
  void a_thread_that_waits_takes_no_processor_and_goes_on_when_the_other_one_has_ended()
      throws InterruptedException {
    Thread waiting = startToWait();
    awaitWaiting(waiting);

    end.countDown();
    waiting.join();
    assertThat(awaited.isAlive()).isFalse();
    assertThat(interruptKept).isFalse();
  }

  @Test
  void an_interrupt_does_not_end_the_wait_and_is_kept() throws InterruptedException {
    Thread waiting = startToWait();
    awaitWaiting(waiting);
    waiting.interrupt();
    await().until(() -> !waiting.isInterrupted()); // It was noticed.
    awaitWaiting(waiting);

    end.countDown();
    waiting.join();
    assertThat(awaited.isAlive()).isFalse();
    assertThat(interruptKept).isTrue();
  }

  @Test
  void a_thread_sleeps_until_it_is_done_and_keeps_an_interrupt() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    Thread sleeping =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              Uninterruptibly.park(this, done::get);
              interruptKept.set(Thread.currentThread().isInterrupted());
            });
    awaitWaiting(sleeping);
    LockSupport.unpark(sleeping); // For something else.
    sleeping.interrupt();
    await().until(() -> !sleeping.isInterrupted()); // It was noticed.
    awaitWaiting(sleeping);

    done.set(true);
    LockSupport.unpark(sleeping);
    sleeping.join();
    assertThat(interruptKept).isTrue();
  }

  @Test
  void a_thread_that_has_ended_is_not_waited_for_and_an_interrupt_stays() {
    end.countDown();
    Uninterruptibly.join(awaited);

    Thread.currentThread().interrupt();
    Uninterruptibly.join(awaited);
    assertThat(Thread.interrupted()).isTrue();
  }

  private Thread startToWait() {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          Uninterruptibly.join(awaited);
          interruptKept.set(Thread.currentThread().isInterrupted());
        });
  }

  private static void awaitWaiting(Thread thread) {
    await().until(() -> thread.getState() == Thread.State.WAITING);
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
