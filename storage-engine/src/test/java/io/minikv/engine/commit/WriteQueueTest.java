package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.compression.Compressor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteQueueTest {

  private static final WriteEncoding ENCODING =
      new WriteEncoding(_ -> 42, new Compressor(Optional.empty(), 0));

  /** A fourth of what fits, so that four of them, with what they take beside, do not. */
  private static final int QUARTER = (int) (WriteQueue.MOST_BYTES / 4);

  private final WriteQueue queue = new WriteQueue();

  @Test
  void writes_stay_in_the_order_in_which_they_came() {
    PendingWrite<?> first = write(1);
    PendingWrite<?> second = write(1);
    assertThat(queue.isEmpty()).isTrue();

    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.offer(second)).isTrue();

    assertThat(queue.isEmpty()).isFalse();
    assertThat(queue).containsExactly(first, second);
  }

  @Test
  void only_a_write_whose_keys_were_looked_up_is_taken_and_only_in_its_turn() {
    PendingWrite<?> first = write(1);
    PendingWrite<?> second = write(1);
    assertThat(queue.pollLookedUp()).isNull();
    queue.offer(first);
    queue.offer(second);
    second.lookedUpAhead();

    assertThat(queue.pollLookedUp()).isNull();
    first.lookedUpAhead();
    assertThat(queue.pollLookedUp()).isSameAs(first);
    assertThat(queue.pollLookedUp()).isSameAs(second);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void a_write_is_taken_out_once() {
    PendingWrite<?> write = write(1);
    queue.offer(write);

    assertThat(queue.remove(write)).isTrue();
    assertThat(queue.remove(write)).isFalse();
  }

  @Test
  void writes_that_are_too_many_are_refused_until_one_is_answered() {
    PendingWrite<?> first = write(QUARTER);
    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.offer(write(QUARTER))).isTrue();
    assertThat(queue.offer(write(QUARTER))).isTrue();
    assertThat(queue.offer(write(QUARTER))).isFalse();
    assertThat(queue.offer(write(1))).isTrue();

    queue.remove(first);
    assertThat(queue.offer(write(QUARTER))).isFalse();
    queue.release(first);

    assertThat(queue.offer(write(QUARTER))).isTrue();
    assertThat(queue.offer(write(QUARTER))).isFalse();
  }

  @Test
  void small_writes_count_for_what_they_take_beside_their_records() {
    int count = 0;
    while (queue.offer(write(1))) {
      count++;
    }

    assertThat(count).isBetween(100_000, (int) (WriteQueue.MOST_BYTES / 512));
  }

  @Test
  void a_write_that_is_alone_is_never_too_large() {
    PendingWrite<?> large = write((int) WriteQueue.MOST_BYTES);

    assertThat(queue.offer(large)).isTrue();
    assertThat(queue.offer(write(1))).isFalse();
    queue.release(large);
    assertThat(queue.offer(write(1))).isTrue();
  }

  private static PendingWrite<?> write(int valueLength) {
    Mutation put = Mutation.Put.of(Key.of("key"), Value.wrap(new byte[valueLength]));
    return PendingWrite.of(put, Durability.OS, ENCODING);
  }
}
