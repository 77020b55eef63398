package io.minikv.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreClosedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PipelineStateTest {

  private final PipelineState state = new PipelineState();

  @Test
  void in_the_beginning_all_is_well() {
    assertThat(state.isWritable()).isTrue();
    assertThat(state.isDiskFull()).isFalse();
    assertThat(state.isClosing()).isFalse();
    assertThat(state.isClosed()).isFalse();
    assertThat(state.failure()).isNull();
    state.checkOpen();
    state.checkNotClosed();
    state.checkWritable();
  }

  @Test
  void a_store_that_is_being_closed_writes_what_it_has_and_takes_nothing() {
    state.beginClosing();

    assertThat(state.isClosing()).isTrue();
    assertThat(state.isWritable()).isTrue();
    state.checkNotClosed();
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(state::checkOpen);
  }

  @Test
  void a_store_that_is_closed_writes_nothing() {
    state.setClosed(true);

    assertThat(state.isClosed()).isTrue();
    assertThat(state.isWritable()).isFalse();
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(state::checkNotClosed);
  }

  @Test
  void the_first_failure_is_the_reason_why_nothing_is_written() {
    IOException first = new IOException("first");
    state.fail(first);
    state.fail(new IOException("second"));

    assertThat(state.failure()).isSameAs(first);
    assertThat(state.isWritable()).isFalse();
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(state::checkWritable)
        .withCause(first);
  }
}
