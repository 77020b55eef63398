package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainShellTest {

  private final Program program = new Program();

  @Test
  void answersToTheLetter() {
    Program.Result result =
        shell(
            """
            set name Alice
            get name
            get nobody
            list
            delete name
            delete name
            compact
            fly
            set name
            get
            """);

    assertThat(result.out())
        .isEqualTo(
            """
            OK
            Alice
            Key not found
              name
            Deleted
            Key not found
            Compaction finished
            Unknown command: fly
            Usage: set <key> <value>
            Usage: get <key>
            """);
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "get     | Usage: get <key>",
        "get a b | Usage: get <key>",
        "set     | Usage: set <key> <value>",
        "delete  | Usage: delete <key>",
        "exists  | Usage: exists <key>",
        "list a b| Usage: list [<prefix>]",
        "stats 1 | Usage: stats",
      })
  void saysHowACommandIsUsed(String line, String usage) {
    Program.Result result = shell(line);

    assertThat(result.out()).isEqualTo(usage + "\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void needsNoCommandOnTheCommandLine() {
    assertThat(program.typing("set a 1\n").run().out()).isEqualTo("OK\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "  \n\t\n", "quit\nget a", "exit\nget a", "  quit  \n"})
  void endsWithTheInputOrWhenTold(String input) {
    Program.Result result = shell(input);

    assertThat(result.out()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(program.closed).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set k two words        | two words",
        "set k   padded         | padded",
        "set k it's             | it's",
        "set k {\"a\": 1}       | {\"a\": 1}",
        "set k C:\\temp \\x41   | C:\\temp \\x41",
        "set k --ttl 5          | --ttl 5",
        "set k -                | -",
        "set k \"  quoted  \"   | `  quoted  `",
        "set k 'a\\x41\"b'      | a\\x41\"b",
        "set k \"a\\x41\\\"\\\\\" | aA\"\\",
        "set --ttl 60 k v       | v",
        "set --ttl=60 k v       | v",
        "set --values hex k 4142| AB",
        "set -- k v             | v",
      })
  void takesTheRestOfTheLineForTheValueUnlessItIsQuoted(String line, String value) {
    Program.Result result = shell(line);

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("OK\n");
    assertThat(program.store.get(Key.of("k")).orElseThrow().value()).isEqualTo(Value.of(value));
  }

  @Test
  void storesNothingAtAllWhenTheQuotesAreEmpty() {
    shell("set k \"\"");

    assertThat(program.store.get(Key.of("k")).orElseThrow().value()).isEqualTo(Value.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set k \"a\" b",
        "set k \"open",
        "get 'open",
        "get a\\",
        "get a\\xg0",
        "set --no-such k v",
        "set --ttl soon k v",
        "set -x k",
        "list --limit many",
        "get \"\"",
      })
  void saysOnStandardErrorWhatIsWrongWithALine(String line) {
    Program.Result result = shell(line + "\nset after 1\n");

    assertThat(result.err()).startsWith("minikv: ").hasLineCount(1);
    assertThat(result.out()).isEqualTo("OK\n");
    assertThat(result.status()).isEqualTo(2);
    assertThat(program.store.exists(Key.of("k"))).isFalse();
  }

  @Test
  void takesKeysInQuotesAndWithEscapes() {
    Program.Result result =
        shell("set \"a key\" 1\nset a\\x00b 2\nget a\\ key\nget 'a key'\nget \"a\\x00b\"\nlist");

    assertThat(result.out()).isEqualTo("OK\nOK\n1\n1\n2\n  a\\x00b\n  a key\n");
  }

  @Test
  void keepsBytesThatAreNoText() {
    byte[] line = {'s', 'e', 't', ' ', (byte) 0xFE, ' ', (byte) 0xFF, '\n'};

    program.typing(line).run("shell");

    Key key = Key.copyOf(new byte[] {(byte) 0xFE});
    assertThat(program.store.get(key).orElseThrow().value())
        .isEqualTo(Value.wrap(new byte[] {(byte) 0xFF}));
    assertThat(shell("get \\xfe").bytes()).containsExactly(0xFF, '\n');
  }

  @Test
  void readsLinesOfAnyLength() {
    String value = "x".repeat(3_000_000);

    assertThat(shell("set k " + value + "\nget k").out()).isEqualTo("OK\n" + value + "\n");
  }

  @Test
  void takesLinesThatEndAsOnWindows() {
    assertThat(shell("set k v\r\nget k\r\n").out()).isEqualTo("OK\nv\n");
  }

  @Test
  void goesOnAfterAnErrorAndEndsWithTheStatusOfTheFirst() {
    Program.Result result = shell("get nobody\nfly\nset a 1\n");

    assertThat(result.out()).endsWith("OK\n");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void stopsAtTheFirstErrorWhenTold() {
    Program.Result result = program.typing("fly\nset a 1\n").run("--stop-on-error");

    assertThat(result.out()).isEqualTo("Unknown command: fly\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void goesOnWhenTheStoreFails() {
    program.failingTo("get", new OverloadedException("Too much."));

    Program.Result result = shell("get a\nset a 1");

    assertThat(result.err()).isEqualTo("minikv: Too much; try again\n");
    assertThat(result.out()).isEqualTo("OK\n");
    assertThat(result.status()).isEqualTo(3);
  }

  @Test
  void answersEverythingInJsonWhenTold() {
    Program.Result result =
        program.typing("set a 1\nget b\nlist\nfly\nget \"\n").run("shell", "--json");

    assertThat(result.out())
        .isEqualTo(
            """
            {"status":"OK","key":"a","version":1,"created":true}
            {"error":"Key not found","key":"b","status":1}
            {"key":"a"}
            {"error":"Unknown command: fly","status":2}
            """);
    assertThat(result.err()).startsWith("{\"error\":\"the quotation mark").hasLineCount(1);
  }

  @Test
  void listsItsCommands() {
    assertThat(shell("help").out())
        .startsWith("Available commands:\n  set <key> <value> ")
        .contains("\n  list [<prefix>] ", "\n  quit / exit ");
  }

  @Test
  void explainsACommand() {
    assertThat(shell("help scan").out())
        .contains("Usage: scan", "--reverse")
        .doesNotContain("--data-dir");
    assertThat(shell("scan --help").out()).contains("Usage: scan");
    assertThat(shell("help fly").out()).isEqualTo("Unknown command: fly\n");
  }

  @Test
  @Timeout(20)
  void answersBeforeItWaitsForTheNextLine() throws IOException {
    PipedOutputStream lines = new PipedOutputStream();
    PipedInputStream answers = new PipedInputStream();
    program.stdin = new PipedInputStream(lines);
    program.stdout = new PipedOutputStream(answers);
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> program.create(OutputStream.nullOutputStream()).run());

    lines.write("set a 1\n".getBytes(StandardCharsets.UTF_8));
    lines.flush();
    assertThat(answers.readNBytes(3)).asString(StandardCharsets.UTF_8).isEqualTo("OK\n");
    lines.close();

    assertThat(status.orTimeout(10, TimeUnit.SECONDS).join()).isZero();
  }

  @Test
  void endsQuietlyWhenTheReaderHasEnough() {
    program.stdout =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int status = program.typing("set a 1\n".repeat(20_000)).create(err).run();

    assertThat(status).isZero();
    assertThat(err.size()).isZero();
  }

  private Program.Result shell(String lines) {
    return program.typing(lines).run("shell");
  }
}
