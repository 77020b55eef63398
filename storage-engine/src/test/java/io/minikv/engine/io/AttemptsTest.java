package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything is attempted, and nothing that failed is forgotten. */
class AttemptsTest {

  private final Attempts attempts = new Attempts();
  private final List<String> done = new ArrayList<>();

  @Test
  void nothing_is_thrown_where_nothing_failed() {
    attempts.attempt(() -> done.add("first"));

    assertThatCode(attempts::throwFailure).doesNotThrowAnyException();
    assertThat(done).containsExactly("first");
  }

  @Test
  void steps_behind_one_that_failed_are_done_all_the_same() {
    attempts.attempt(() -> fail("disk"));
    attempts.attempt(() -> done.add("second"));

    assertThat(done).containsExactly("second");
    assertThatThrownBy(attempts::throwFailure).isInstanceOf(IOException.class).hasMessage("disk");
  }

  @Test
  void the_first_failure_is_thrown_and_names_the_others() {
    attempts.attempt(() -> fail("first"));
    attempts.attempt(() -> fail("second"));
    attempts.attempt(() -> fail("third"));

    assertThatThrownBy(attempts::throwFailure)
        .hasMessage("first")
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("second", "third"));
  }

  private static void fail(String message) throws IOException {
    throw new IOException(message);
  }
}
