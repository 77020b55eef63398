package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VisibilityTest {

  private final Visibility visibility = new Visibility(7);

  @Test
  void it_begins_with_what_was_there_and_goes_on_with_what_is_published() {
    assertThat(visibility.sequence()).isEqualTo(7);

    visibility.advanceTo(9);

    assertThat(visibility.sequence()).isEqualTo(9);
  }

  @Test
  void the_stamp_is_odd_while_a_batch_becomes_visible() {
    assertThat(visibility.batchStamp()).isZero();
    visibility.beginBatch();
    assertThat(visibility.batchStamp()).isEqualTo(1);
    visibility.endBatch();
    assertThat(visibility.batchStamp()).isEqualTo(2);
  }

  @Test
  void who_needs_whole_batches_waits_for_the_end_of_one() {
    visibility.beginBatch();
    CompletableFuture<Long> waiting = new CompletableFuture<>();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              visibility.awaitWholeBatches();
              waiting.complete(visibility.batchStamp());
            });
    awaitParked(reader);
    assertThat(waiting).isNotDone();

    visibility.endBatch();

    assertThat(waiting.join()).isEqualTo(2);
  }

  private static void awaitParked(Thread reader) {
    while (reader.getState() != Thread.State.TIMED_WAITING && reader.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
