package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import io.minikv.testkit.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetCommandTest {

  private static final Key KEY = Key.of("k");

  private final MutableClock clock = new MutableClock();
  private final Program program =
      new Program(
          new InMemoryKeyValueStore(clock, new StoreLimits(1_000, 10, 10_000), Durability.ALWAYS));

  @Test
  void storesTheValueAndSaysOk() {
    Program.Result result = program.run("set", "k", "some value");

    assertThat(result.out()).isEqualTo("OK\n");
    assertThat(result.status()).isZero();
    assertThat(stored()).isEqualTo(Value.of("some value"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{\"a\":\"x\\ny\"}", "C:\\temp", "\\x41", "\"quoted\"", "@file", " padded "})
  void takesTheValueLiterally(String value) {
    program.run("set", "k", value);

    assertThat(stored()).isEqualTo(Value.of(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "-x"})
  void readsTheValueFromStandardInputByteForByte(String source) {
    byte[] bytes = {0, (byte) 0xFF, '\r', '\n', '\n'};

    Program.Result result = program.typing(bytes).run("set", "k", source);

    assertThat(result.out()).isEqualTo("OK\n");
    assertThat(stored()).isEqualTo(Value.wrap(bytes));
  }

  @Test
  void readsNoMoreOfStandardInputThanTheStoreTakes() {
    Program.Result result = program.typing("x".repeat(5_000)).run("set", "k", "-");

    assertThat(result.err()).contains("1001; at most 1000 is allowed");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void refusesTwoValues() {
    Program.Result result = program.typing("a").run("set", "-x", "k", "b");

    assertThat(result.err()).startsWith("minikv: -x takes the value from standard input");
    assertThat(result.status()).isEqualTo(2);
    assertThat(program.store.exists(KEY)).isFalse();
  }

  @Test
  void wantsAValue() {
    Program.Result result = program.run("set", "k");

    assertThat(result.err()).isEqualTo("minikv: missing <value>; see 'minikv help set'\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void takesAnyBytesInHexAndBase64() {
    program.run("set", "--hex", "6b", "00ff");
    assertThat(stored()).isEqualTo(Value.wrap(new byte[] {0, (byte) 0xFF}));

    program.run("set", "--values", "base64", "k", "AQI=");
    assertThat(stored()).isEqualTo(Value.wrap(new byte[] {1, 2}));
  }

  @Test
  void refusesWhatIsNotHexOrBase64() {
    assertThat(program.run("set", "--hex", "6b", "0").err())
        .isEqualTo(
            "minikv: the value is not hexadecimal; write two digits (0 to 9, a to f) for each byte\n");
    assertThat(program.run("set", "--values", "base64", "k", "?").err())
        .contains("the value is not base64");
    assertThat(program.run("set", "--hex", "--base64", "k", "v").err())
        .contains("exclude each other");
  }

  @Test
  void putsAKeyThatBeginsWithADashBehindTwoDashes() {
    assertThat(program.run("set", "k", "--v").err())
        .isEqualTo(
            "minikv: Unknown option: --v; put -- before a key or value that begins with a dash; see 'minikv"
                + " help set'\n");

    program.run("set", "--", "k", "--v");
    assertThat(stored()).isEqualTo(Value.of("--v"));
  }

  @Test
  void takesANegativeNumberForWhatItIs() {
    program.run("set", "k", "-5");

    assertThat(stored()).isEqualTo(Value.of("-5"));
  }

  @Test
  void letsTheEntryExpire() {
    program.run("set", "--ttl", "1.5", "k", "v");

    clock.advance(Duration.ofMillis(1_499));
    assertThat(program.store.exists(KEY)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(program.store.exists(KEY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1e30", "soon"})
  void refusesATimeToLiveThatMakesNoSense(String seconds) {
    assertThat(program.run("set", "--ttl=" + seconds, "k", "v").status()).isEqualTo(2);
    assertThat(program.store.exists(KEY)).isFalse();
  }

  @Test
  void leavesAnExistingKeyAloneWhenToldSo() {
    program.run("set", "--if-absent", "k", "first");

    Program.Result result = program.run("set", "--if-absent", "k", "second");

    assertThat(result.err())
        .isEqualTo(
            "minikv: The key k should have no entry, but has version 1; read the key again (get --json"
                + " shows its version) and decide anew\n");
    assertThat(result.status()).isEqualTo(5);
    assertThat(stored()).isEqualTo(Value.of("first"));
  }

  @Test
  void replacesExactlyTheVersionThatIsNamed() {
    program.with("k", "first");

    assertThat(program.run("set", "--if-version", "7", "k", "second").status()).isEqualTo(5);
    assertThat(program.run("set", "--if-version", "1", "k", "second").status()).isZero();
    assertThat(stored()).isEqualTo(Value.of("second"));
  }

  @Test
  void refusesConditionsThatExcludeEachOther() {
    assertThat(program.run("set", "--if-absent", "--if-version", "1", "k", "v").status())
        .isEqualTo(2);
  }

  @Test
  void takesADurabilityByItsName() {
    assertThat(program.run("set", "--durability", "always", "k", "v").status()).isZero();
    assertThat(program.run("set", "--durability", "never", "k", "v").err())
        .contains("--durability", "never", "'minikv help set'");
  }

  @Test
  void tellsTheVersionInJson() {
    assertThat(program.run("set", "--json", "k", "v").out())
        .isEqualTo("{\"status\":\"OK\",\"key\":\"k\",\"version\":1,\"created\":true}\n");
    assertThat(program.run("set", "--json", "k", "w").out())
        .isEqualTo("{\"status\":\"OK\",\"key\":\"k\",\"version\":2,\"created\":false}\n");
  }

  @Test
  void mayCreateTheStore() {
    assertThat(program.run("set", "--data-dir", "not-there-yet", "k", "v").status()).isZero();
    assertThat(program.opened).containsExactly(Program.EXISTING.resolve("not-there-yet"));
  }

  private Value stored() {
    return program.store.get(KEY).orElseThrow().value();
  }
}
