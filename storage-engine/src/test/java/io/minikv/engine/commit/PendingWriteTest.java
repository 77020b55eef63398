package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.WriteResult;
import io.minikv.engine.compression.Compressor;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who looks after a write, and how its caller gets the outcome. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PendingWriteTest {

  private final PendingWrite<WriteResult> write =
      PendingWrite.of(
          putOf("key", "value"),
          Durability.OS,
          new WriteEncoding(_ -> 42, new Compressor(Optional.empty(), 0)));

  @Test
  void its_caller_watches_it_until_it_says_that_it_sleeps() {
    assertThat(write.isWatched()).isTrue();

    write.unwatch();

    assertThat(write.isWatched()).isFalse();
  }

  @Test
  void nobody_watches_it_when_nobody_waits() {
    write.detach();

    assertThat(write.isWatched()).isFalse();
  }

  @Test
  void a_caller_that_sleeps_is_woken_by_the_outcome() throws InterruptedException {
    Thread caller =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              write.unwatch();
              write.await();
            });
    while (caller.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    write.complete();

    caller.join();
    assertThat(write.isTold()).isTrue();
    assertThat(write.result().previous()).isEmpty();
  }
}
