package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.InvalidRequestException;
import org.junit.jupiter.api.Test;

class ServeCommandTest {

  private final Program program = new Program();

  @Test
  void handsTheEnvironmentToTheServer() {
    program.variables.put("PORT", "1234");

    assertThat(program.run("serve").status()).isZero();
    assertThat(program.served).containsExactly(program.variables);
    assertThat(program.opened).isEmpty();
  }

  @Test
  void putsOptionsOverTheEnvironment() {
    program.variables.put("PORT", "1234");

    program.run("serve", "--port", "4321", "--data-dir", "elsewhere");

    assertThat(program.served.getFirst())
        .containsEntry("PORT", "4321")
        .containsEntry("DATA_DIR", Program.EXISTING.resolve("elsewhere").toString());
  }

  @Test
  void printsEachMistakeOfTheConfigurationOnALineOfItsOwn() {
    program.failingTo("serve", new InvalidRequestException("PORT is 0.\nVOLUME_ID is empty."));

    Program.Result result = program.run("serve");

    assertThat(result.err()).isEqualTo("minikv: PORT is 0.\nminikv: VOLUME_ID is empty.\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void refusesAPortThatIsNoNumber() {
    Program.Result result = program.run("serve", "--port", "http");

    assertThat(result.err()).contains("--port", "'http'", "'minikv help serve'");
    assertThat(result.status()).isEqualTo(2);
  }
}
