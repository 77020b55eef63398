package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CliEnvironmentTest {

  @Test
  void isThatOfTheProcess() {
    CliEnvironment environment = CliEnvironment.ofProcess();

    assertThat(environment.variables()).isEqualTo(System.getenv());
    assertThat(environment.currentDirectory()).isEqualTo(Path.of("").toAbsolutePath());
  }

  @Test
  void hasStreamsThatTellWhenWritingFails() {
    CliEnvironment environment = CliEnvironment.ofProcess();

    assertThat(environment.stdout()).isNotInstanceOf(PrintStream.class);
    assertThat(environment.stderr()).isNotInstanceOf(PrintStream.class);
  }
}
