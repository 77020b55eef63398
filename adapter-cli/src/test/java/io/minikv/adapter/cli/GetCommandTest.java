package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import org.junit.jupiter.api.Test;

class GetCommandTest {

  private static final byte[] ANY_BYTES = {0, (byte) 0xFF, '\n', 27, 'a'};

  private final Program program = new Program().with("name", "Alice");

  @Test
  void printsTheValueWithoutAddingAByte() {
    Program.Result result = program.run("get", "name");

    assertThat(result.out()).isEqualTo("Alice");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void givesAProgramExactlyTheBytesThatWereStored() {
    program.store.put(Key.of("raw"), Value.wrap(ANY_BYTES));

    assertThat(program.run("get", "raw").bytes()).isEqualTo(ANY_BYTES);
  }

  @Test
  void endsTheValueWithALineFeedOnATerminal() {
    assertThat(program.onTerminal().run("get", "name").out()).isEqualTo("Alice\n");
  }

  @Test
  void keepsFromATerminalWhatItWouldObey() {
    program.store.put(Key.of("raw"), Value.wrap(ANY_BYTES));

    assertThat(program.onTerminal().run("get", "raw").out()).isEqualTo("\\x00\\xff\n\\x1ba\n");
  }

  @Test
  void saysOnStandardErrorThatTheKeyIsAbsent() {
    Program.Result result = program.run("get", "nobody");

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("Key not found\n");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void readsTheKeyInTheNotationThatListPrints() {
    program.store.put(Key.copyOf(new byte[] {'a', 0, '\\'}), Value.of("odd"));

    assertThat(program.run("get", "a\\x00\\\\").out()).isEqualTo("odd");
    assertThat(program.run("get", "--hex", "61005c").out()).isEqualTo("6f6464\n");
    assertThat(program.run("get", "--keys", "hex", "61005c").out()).isEqualTo("odd");
    assertThat(program.run("get", "--base64", "YQBc").out()).isEqualTo("b2Rk\n");
  }

  @Test
  void refusesAKeyThatCouldMeanTwoThings() {
    Program.Result result = program.run("get", "C:\\temp");

    assertThat(result.err())
        .isEqualTo(
            "minikv: the key has a lone backslash; write a backslash as \\\\ and any byte as \\x and two hex"
                + " digits\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void tellsAllItKnowsInJson() {
    assertThat(program.run("get", "--json", "name").out())
        .matches(
            "\\{\"key\":\"name\",\"value\":\"Alice\",\"size\":5,\"version\":1,\"written_at\":\"[^\"]+Z\",\"expires_at\":null,\"attributes\":\\{\\}\\}\n");
  }

  @Test
  void namesTheFormOfBytesThatJsonCannotHold() {
    program.store.put(Key.copyOf(new byte[] {(byte) 0xFF}), Value.wrap(ANY_BYTES));

    assertThat(program.run("get", "--json", "\\xff").out())
        .contains("\"key_base64\":\"/w==\"", "\"value_base64\":\"AP8KG2E=\"");
    assertThat(program.run("get", "--json", "--hex", "ff").out())
        .contains("\"key_hex\":\"ff\"", "\"value_hex\":\"00ff0a1b61\"");
  }

  @Test
  void saysInJsonThatTheKeyIsAbsent() {
    Program.Result result = program.run("get", "--json", "nobody");

    assertThat(result.err())
        .isEqualTo("{\"error\":\"Key not found\",\"key\":\"nobody\",\"status\":1}\n");
    assertThat(result.status()).isEqualTo(1);
  }
}
