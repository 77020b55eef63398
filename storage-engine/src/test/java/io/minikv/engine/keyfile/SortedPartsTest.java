package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All records of a segment come in order, in as many parts as they need. */
class SortedPartsTest {

  private static final long SEED = 20_251_124;

  private WrittenSegment written;

  @BeforeEach
  void begin() throws IOException {
    written = new WrittenSegment(new SimulatedDisk());
  }

  @ParameterizedTest(name = "{0} writes of {1} keys of up to {2} bytes")
  @CsvSource({
    "0, 1, 1",
    "1, 1, 1",
    "2000, 700, 12",
    "600, 200, 3000",
    "3000, 1, 20",
    "500, 2, 4000"
  })
  void records_come_in_the_order_of_a_key_file(int writes, int keys, int keyLength)
      throws IOException {
    written.writeAtRandom(new Random(SEED), writes, keys, keyLength);

    assertThat(WrittenSegment.all(parts())).as("seed %d", SEED).isEqualTo(written.inOrder());
  }

  @Test
  void keys_that_were_written_in_their_order_come_so() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      written.put(Key.of("%06d".formatted(i) + "k".repeat(500)), 10);
    }

    assertThat(WrittenSegment.all(parts())).isEqualTo(written.inOrder());
  }

  @Test
  void records_behind_the_end_are_left_out() throws IOException {
    written.writeAtRandom(new Random(SEED), 300, 100, 2_000);
    long end = written.segment().end();
    var expected = written.inOrder();
    written.put(Key.of("later"), 10);

    SortedParts parts = new SortedParts(written.segment(), end, Breather.restless());

    assertThat(WrittenSegment.all(parts)).as("seed %d", SEED).isEqualTo(expected);
  }

  @Test
  void long_keys_are_sorted_in_several_parts_and_short_ones_in_one() throws IOException {
    written.writeAtRandom(new Random(SEED), 2_000, 1_000, 2_000);
    SortedParts ofLong = parts();
    WrittenSegment other = new WrittenSegment(new SimulatedDisk());
    for (int i = 0; i < 20_000; i++) {
      other.put(Key.of("key-" + i), 300);
    }
    SortedParts ofShort =
        new SortedParts(other.segment(), other.segment().end(), Breather.restless());

    WrittenSegment.all(ofLong);
    WrittenSegment.all(ofShort);

    assertThat(ofLong.parts()).as("seed %d", SEED).isBetween(6, 12);
    assertThat(ofShort.parts()).isEqualTo(1);
  }

  @Test
  void a_small_segment_is_sorted_at_once_however_long_its_keys_are() throws IOException {
    written.writeAtRandom(new Random(SEED), 40, 40, 4_000);
    SortedParts small = parts();

    WrittenSegment.all(small);

    assertThat(small.parts()).as("seed %d", SEED).isEqualTo(1);
  }

  private SortedParts parts() {
    return new SortedParts(written.segment(), written.segment().end(), Breather.restless());
  }
}
