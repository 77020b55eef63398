package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The smallest key files are merged, so that each is several times as large as the next one. */
class MergePlanTest {

  private final ListedSegments listed = new ListedSegments(new SimulatedDisk());

  @Test
  void one_file_alone_is_never_merged() throws IOException {
    assertThat(chosen()).isEmpty();
    assertThat(chosen(5)).isEmpty();
  }

  @Test
  void a_file_four_times_as_large_as_all_smaller_ones_is_left_alone() throws IOException {
    assertThat(chosen(80, 10, 10)).containsExactly(10L, 10L);
    assertThat(chosen(10, 79, 10)).containsExactly(10L, 10L, 79L);
  }

  @Test
  void the_last_one_that_is_not_much_larger_decides() throws IOException {
    assertThat(chosen(1, 4, 19)).containsExactly(1L, 4L, 19L);
    assertThat(chosen(100, 100, 1, 1000)).containsExactly(1L, 100L, 100L);
  }

  @Test
  void when_each_is_much_larger_than_the_smaller_ones_all_are_merged() throws IOException {
    assertThat(chosen(40, 10)).containsExactly(10L, 40L);
    assertThat(chosen(1, 4, 20, 1000)).containsExactly(1L, 4L, 20L, 1000L);
  }

  private List<Long> chosen(long... entries) throws IOException {
    Segment segment = listed.add(1);
    List<MergePlan.Input> files =
        Arrays.stream(entries)
            .mapToObj(each -> new MergePlan.Input(listed.keyFile(segment), List.of(segment), each))
            .toList();
    return MergePlan.of(files).stream().map(MergePlan.Input::entries).toList();
  }
}
