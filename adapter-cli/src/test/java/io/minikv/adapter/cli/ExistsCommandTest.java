package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExistsCommandTest {

  private final Program program = new Program().with("k", "v");

  @Test
  void saysTrueForAKeyThatIsThere() {
    Program.Result result = program.run("exists", "k");

    assertThat(result.out()).isEqualTo("true\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void saysFalseWithStatusOneForAKeyThatIsNot() {
    Program.Result result = program.run("exists", "other");

    assertThat(result.out()).isEqualTo("false\n");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void answersInJson() {
    assertThat(program.run("exists", "--json", "k").out())
        .isEqualTo("{\"key\":\"k\",\"exists\":true}\n");
  }
}
