package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import org.junit.jupiter.api.Test;

class DeleteCommandTest {

  private final Program program = new Program().with("k", "v");

  @Test
  void deletesTheKeyAndSaysSo() {
    Program.Result result = program.run("delete", "k");

    assertThat(result.out()).isEqualTo("Deleted\n");
    assertThat(result.status()).isZero();
    assertThat(program.store.exists(Key.of("k"))).isFalse();
  }

  @Test
  void saysThatTheKeyIsAbsent() {
    Program.Result result = program.run("delete", "other");

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("Key not found\n");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void deletesExactlyTheVersionThatIsNamed() {
    assertThat(program.run("delete", "--if-version", "9", "k").status()).isEqualTo(5);
    assertThat(program.store.exists(Key.of("k"))).isTrue();
    assertThat(program.run("delete", "--if-version", "1", "k").status()).isZero();
  }

  @Test
  void tellsTheVersionInJson() {
    assertThat(program.run("delete", "--json", "k").out())
        .isEqualTo("{\"status\":\"Deleted\",\"key\":\"k\",\"version\":2}\n");
  }
}
