package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountCommandTest {

  private final Program program = new Program().with("a", "").with("b1", "").with("b2", "");

  @Test
  void countsTheKeysOfARange() {
    assertThat(program.run("count").out()).isEqualTo("3\n");
    assertThat(program.run("count", "b").out()).isEqualTo("2\n");
    assertThat(program.run("count", "--from", "b2").out()).isEqualTo("1\n");
  }

  @Test
  void answersInJson() {
    assertThat(program.run("count", "--json").out()).isEqualTo("{\"count\":3}\n");
  }
}
