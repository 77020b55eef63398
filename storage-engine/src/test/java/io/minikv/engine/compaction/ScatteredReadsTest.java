package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScatteredReadsTest {

  /** A read pays for 16 bytes. */
  private static final long LEAST_BYTES = 160;

  private final AtomicInteger told = new AtomicInteger();
  private final ScatteredReads reads = new ScatteredReads(LEAST_BYTES, told::incrementAndGet);

  @Test
  void a_compaction_is_due_when_reads_have_paid_for_the_least_that_is_worth_one() {
    reads.add(9);
    assertThat(reads.isDue()).isFalse();
    assertThat(told).hasValue(0);

    reads.add(1);

    assertThat(reads.isDue()).isTrue();
    assertThat(told).hasValue(1);
  }

  @Test
  void it_is_told_once_until_somebody_has_looked() {
    reads.add(10);
    reads.add(10);
    assertThat(told).hasValue(1);

    reads.pay(0);
    reads.add(10);

    assertThat(told).hasValue(2);
  }

  @Test
  void what_is_copied_is_paid_for() {
    reads.add(30);

    assertThat(reads.pay(320)).isTrue();

    assertThat(reads.isDue()).as("160 bytes are left").isTrue();
    assertThat(reads.pay(161)).isFalse();
    assertThat(reads.pay(160)).isTrue();
    assertThat(reads.isDue()).isFalse();
  }

  @Test
  void what_is_too_dear_is_due_when_it_is_paid_for() {
    reads.add(10);
    assertThat(reads.pay(320)).isFalse();
    assertThat(reads.isDue()).isFalse();

    reads.add(9);
    assertThat(told).hasValue(1);
    reads.add(1);

    assertThat(told).hasValue(2);
    assertThat(reads.pay(320)).isTrue();
  }

  @Test
  void what_was_paid_is_void_when_there_is_nothing_to_copy() {
    reads.add(100);

    assertThat(reads.pay(0)).isFalse();

    assertThat(reads.isDue()).isFalse();
    assertThat(reads.pay(1)).isFalse();
  }

  @Test
  void a_segment_is_worth_a_compaction_from_that_size_on() {
    assertThat(reads.isWorthwhile(LEAST_BYTES)).isTrue();
    assertThat(reads.isWorthwhile(LEAST_BYTES - 1)).isFalse();
  }
}
