package io.minikv.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedExampleIT {

  @Test
  void theExampleCompilesAndRunsOnTheAssembledJars(@TempDir Path folder)
      throws IOException, InterruptedException {
    Process example =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ProgramProcess.home().resolve("lib") + "/*",
                Path.of("../examples/Embedded.java").toAbsolutePath().toString(),
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(example.getInputStream().readAllBytes(), UTF_8);

    assertThat(example.waitFor()).as(output).isZero();
    assertThat(output).endsWith("Ada\nuser:1 = Ada\nuser:2 = Grace\n");
  }
}
