package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final List<String> told = new ArrayList<>();
  private final Progress progress = new Progress((done, total) -> told.add(done + "/" + total));

  @Test
  void each_part_is_told_with_all_that_there_is_to_do() {
    progress.expect(100);
    progress.advance(30);
    progress.expect(50);
    progress.advance(120);

    assertThat(told).containsExactly("30/100", "150/150");
  }

  @Test
  void a_part_that_is_done_again_never_leads_beyond_the_end() {
    progress.expect(100);
    progress.advance(80);
    progress.advance(80);

    assertThat(told).containsExactly("80/100", "100/100");
  }
}
