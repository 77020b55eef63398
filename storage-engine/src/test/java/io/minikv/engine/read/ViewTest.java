package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.keyfile.SegmentPart;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A view keeps what it shows until it is closed. */
class ViewTest {

  private final Records records = new Records();
  private final List<String> events = new ArrayList<>();

  ViewTest() throws IOException {}

  @Test
  void it_shows_segments_as_far_as_they_were_written() throws IOException {
    records.put(Key.of("before"), "shown");
    Segment segment = records.segment();
    long end = segment.end();

    View view = records.view();
    records.put(Key.of("after"), "not shown");

    assertThat(view.sequence()).isEqualTo(1);
    assertThat(view.parts()).containsExactly(new SegmentPart(segment, end));
  }

  @Test
  void a_segment_stays_until_the_view_is_closed() throws IOException {
    View view = records.view();
    records.segment().retire(() -> events.add("gone"));
    assertThat(events).isEmpty();

    view.close();
    view.close();

    assertThat(events).containsExactly("gone");
  }

  @Test
  void a_segment_that_is_going_is_not_shown() throws IOException {
    Segment going = records.segment();
    records.beginSegment();
    going.retire(() -> {});

    assertThat(records.view().parts())
        .extracting(SegmentPart::segment)
        .containsExactly(records.segment());
  }

  @Test
  void what_ends_with_it_is_run_once_when_it_is_closed_and_at_once_afterwards() throws IOException {
    View view = records.view();
    view.closeWithIt(() -> events.add("with it"));
    assertThat(events).isEmpty();

    view.close();
    view.close();
    assertThat(events).containsExactly("with it");

    view.closeWithIt(() -> events.add("afterwards"));
    assertThat(events).containsExactly("with it", "afterwards");
  }
}
