package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriterLockTest {

  private final WriterLock lock = new WriterLock();

  @Test
  void it_is_free_when_it_was_given_back_as_often_as_it_was_taken() {
    lock.lock();
    assertThat(lock.isHeldOnce()).isTrue();
    lock.lock();
    assertThat(lock.isHeldOnce()).isFalse();
    lock.unlock();
    assertThat(lock.isHeldOnce()).isTrue();
    lock.unlock();
    assertThat(lock.isHeldOnce()).isFalse();
  }

  @Test
  void one_thread_at_a_time_holds_it_and_those_who_wait_get_it_in_the_end()
      throws InterruptedException {
    int[] count = new int[1];
    List<Thread> threads = new ArrayList<>();
    lock.lock();
    for (int i = 0; i < 4; i++) {
      threads.add(Thread.ofPlatform().start(() -> countTo(count, 10_000)));
    }
    while (!threads.stream().allMatch(each -> each.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    lock.unlock();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(count[0]).isEqualTo(40_000);
  }

  private void countTo(int[] count, int times) {
    for (int i = 0; i < times; i++) {
      lock.lock();
      count[0]++;
      lock.unlock();
    }
  }
}
