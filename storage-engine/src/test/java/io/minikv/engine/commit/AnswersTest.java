package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.WriteResult;
import io.minikv.engine.compression.Compressor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswersTest {

  private static final WriteEncoding ENCODING =
      new WriteEncoding(_ -> 42, new Compressor(Optional.empty(), 0));

  private static final int HALF = (int) (WriteQueue.MOST_BYTES / 2);

  private final WriteQueue queue = new WriteQueue();
  private final List<Long> tolls = new ArrayList<>();

  /** What is to be seen while a write pays. */
  private Runnable meanwhile = () -> {};

  private final Answers answers =
      new Answers(
          queue,
          Runnable::run,
          bytes -> {
            tolls.add(bytes);
            meanwhile.run();
          });

  @Test
  void a_caller_that_does_not_wait_is_told_when_its_write_is_paid_for() {
    PendingWrite<WriteResult> write = detached(100);
    meanwhile = () -> assertThat(write.future()).isNotDone();

    tell(write);

    assertThat(tolls).containsExactly(write.bytes());
    assertThat(write.future()).isDone();
  }

  @Test
  void a_write_takes_part_of_the_queue_until_it_is_paid_for() {
    PendingWrite<WriteResult> write = detached(HALF);
    meanwhile = () -> assertThat(queue.offer(detached(HALF))).isFalse();

    tell(write);

    assertThat(tolls).hasSize(1);
    assertThat(queue.offer(detached(HALF))).isTrue();
  }

  @Test
  void a_write_that_was_refused_takes_no_space_and_pays_nothing() {
    PendingWrite<WriteResult> write = detached(100);
    assertThat(queue.offer(write)).isTrue();

    answers.refuse(write, CommitErrors.closed());
    answers.tell(answers.take());

    assertThat(tolls).isEmpty();
    assertThat(write.future()).isCompletedExceptionally();
  }

  @Test
  void a_caller_that_waits_has_paid_before() {
    PendingWrite<WriteResult> write = write(100);

    answers.add(write);
    answers.tell(answers.take());

    assertThat(tolls).isEmpty();
    assertThat(write.isTold()).isTrue();
  }

  @Test
  void the_first_answer_is_the_only_one() {
    PendingWrite<WriteResult> done = write(100);
    answers.add(done);
    answers.refuse(done, CommitErrors.closed());
    PendingWrite<WriteResult> refused = write(100);
    answers.refuse(refused, CommitErrors.closed());
    answers.add(refused);

    assertThat(answers.take()).containsExactly(done, refused);

    assertThat(done.isRefused()).isFalse();
    assertThat(refused.isRefused()).isTrue();
    assertThat(answers.take()).isEmpty();
  }

  private void tell(PendingWrite<?> write) {
    assertThat(queue.offer(write)).isTrue();
    answers.add(write);
    answers.tell(answers.take());
  }

  private static PendingWrite<WriteResult> detached(int valueBytes) {
    PendingWrite<WriteResult> write = write(valueBytes);
    write.detach();
    return write;
  }

  private static PendingWrite<WriteResult> write(int valueBytes) {
    return PendingWrite.of(
        Mutation.Put.of(Key.of("key"), Value.wrap(new byte[valueBytes])), Durability.OS, ENCODING);
  }
}
