package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompactCommandTest {

  private final Program program = new Program().with("a", "12345");

  @Test
  void saysThatItFinished() {
    Program.Result result = program.run("compact");

    assertThat(result.out()).isEqualTo("Compaction finished\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void reportsInJson() {
    assertThat(program.run("compact", "--json").out())
        .startsWith("{\"status\":\"Compaction finished\",\"compaction\":{\"started_at\":");
  }
}
