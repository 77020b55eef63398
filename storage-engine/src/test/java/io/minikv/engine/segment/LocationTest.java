package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocationTest {

  @Test
  void a_location_holds_the_number_of_the_file_and_the_offset_up_to_their_greatest() {
    long[] numbers = {1, 2, 1_000_000, Location.MAX_FILE_NUMBER};
    long[] offsets = {64, 72, 4L << 30, Location.MAX_SEGMENT_BYTES - 8};
    for (long number : numbers) {
      for (long offset : offsets) {
        long location = Location.of(number, offset);

        assertThat(location).isPositive();
        assertThat(Location.fileNumber(location)).isEqualTo(number);
        assertThat(Location.offset(location)).isEqualTo(offset);
      }
    }
  }
}
