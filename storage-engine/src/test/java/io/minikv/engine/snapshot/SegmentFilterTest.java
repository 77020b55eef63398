package io.minikv.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.segment.Location;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentFilterTest {

  private final SegmentFilter filter =
      new SegmentFilter(
          List.of(covered(9, 2_000), covered(4, 1_000), covered(7, 64)), Set.of(4L, 7L, 12L));

  private static SnapshotSegment covered(long fileNumber, long end) {
    return new SnapshotSegment(fileNumber, end, 0, 0, 0, 0);
  }

  @Test
  void an_entry_of_a_live_segment_is_used_and_one_of_a_segment_that_is_gone_is_not()
      throws FormatException {
    assertThat(filter.isLive(Location.of(4, 64))).isTrue();
    assertThat(filter.isLive(Location.of(4, 992))).isTrue();
    assertThat(filter.isLive(Location.of(9, 1_992))).isFalse();
  }

  @Test
  void an_entry_that_points_to_what_is_not_covered_is_damage() {
    for (long location :
        new long[] {
          Location.of(4, 1_000),
          Location.of(4, 56),
          Location.of(7, 64),
          Location.of(5, 64),
          Location.of(12, 64),
          -1
        }) {
      assertThatExceptionOfType(FormatException.class)
          .as("location %d", location)
          .isThrownBy(() -> filter.isLive(location))
          .withMessage("has an entry that points to what it does not cover");
    }
  }
}
