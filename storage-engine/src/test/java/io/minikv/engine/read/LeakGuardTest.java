package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakGuardTest {

  private final List<String> events = new ArrayList<>();
  private final LeakGuard guard =
      new LeakGuard(() -> events.add("given back"), () -> events.add("warned"));

  @Test
  void a_dropped_cursor_is_reported_and_gives_back_what_it_held() {
    guard.run();

    assertThat(events).containsExactly("warned", "given back");
  }

  @Test
  void a_closed_cursor_gives_back_what_it_held_and_that_is_all() {
    guard.markClosed();
    guard.run();

    assertThat(events).containsExactly("given back");
  }
}
