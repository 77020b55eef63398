package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteResultTest {

  private static final Optional<Version> OLD = Optional.of(new Version(1));
  private static final Optional<Version> NEW = Optional.of(new Version(2));

  @Test
  void aWriteOfAnAbsentKeyCreatesIt() {
    assertThat(new WriteResult(NEW, Optional.empty()).created()).isTrue();
  }

  @Test
  void aWriteOverAnotherCreatesNothing() {
    assertThat(new WriteResult(NEW, OLD).created()).isFalse();
  }

  @Test
  void aDeleteThatFoundNothingCreatesNothing() {
    assertThat(new WriteResult(Optional.empty(), Optional.empty()).created()).isFalse();
  }
}
