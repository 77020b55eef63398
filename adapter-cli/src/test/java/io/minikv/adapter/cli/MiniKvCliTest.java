package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MiniKvCliTest {

  private final Program program = new Program().with("a", "1").with("b", "2");

  @Test
  void opensTheDirectoryThatTheOptionNames() {
    program.run("list", "--data-dir", ".");
    program.run("--data-dir", ".", "list");

    assertThat(program.opened).containsExactly(Program.EXISTING, Program.EXISTING);
  }

  @Test
  void opensTheDirectoryNamedDataWhenNothingNamesOne() {
    program.variables.remove("DATA_DIR");

    program.run("set", "k", "v");

    assertThat(program.opened).containsExactly(Program.EXISTING.resolve("data"));
  }

  @Test
  void closesTheStoreAlsoAfterAnError() {
    program.run("list");
    program.failingTo("get", new OverloadedException("Too much.")).run("get", "a");

    assertThat(program.closed).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get x", "delete x", "exists x", "list", "scan", "count", "stats", "compact"})
  void doesNotCreateAStoreOnlyToLookIntoIt(String command) {
    Program.Result result = program.run(("--data-dir nowhere " + command).split(" ", -1));

    assertThat(result.err())
        .isEqualTo(
            "minikv: there is no data directory "
                + Program.EXISTING.resolve("nowhere")
                + "; name the right one with --data-dir or DATA_DIR, or create it by storing something\n");
    assertThat(result.status()).isEqualTo(3);
    assertThat(program.opened).isEmpty();
  }

  @Test
  void saysWhoHasTheStoreAndWhatToDo() {
    program.failingTo(
        "open",
        new StoreUnavailableException(
            Reason.IN_USE, "The data directory x is in use by process 42.", null));

    Program.Result result = program.run("get", "a");

    assertThat(result.err())
        .isEqualTo(
            "minikv: The data directory x is in use by process 42; stop that process, or use the HTTP"
                + " address of the server that it runs\n");
    assertThat(result.status()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource
  void endsWithTheStatusOfWhatWentWrong(StoreException failure, int status) {
    Program.Result result = program.failingTo("write", failure).run("set", "k", "v");

    assertThat(result.err()).startsWith("minikv: Wrong").hasLineCount(1);
    assertThat(result.status()).isEqualTo(status);
  }

  static Stream<Arguments> endsWithTheStatusOfWhatWentWrong() {
    return Stream.of(
        Arguments.of(new OverloadedException("Wrong."), 3),
        Arguments.of(new StoreClosedException("Wrong."), 3),
        Arguments.of(
            new NotWritableException(NotWritableException.Reason.DISK_FULL, "Wrong.", null), 3),
        Arguments.of(new OutcomeUnknownException("Wrong.", new IOException("x")), 3),
        Arguments.of(new StoreUnavailableException(Reason.FOREIGN, "Wrong.", null), 3),
        Arguments.of(new StoreUnavailableException(Reason.DAMAGED, "Wrong.", null), 4),
        Arguments.of(new DamagedDataException("Wrong.", Optional.empty(), "1.log"), 4));
  }

  @Test
  void tellsAnErrorInJson() {
    program.failingTo("write", new OverloadedException("Too much."));

    assertThat(program.run("set", "--json", "k", "v").err())
        .isEqualTo("{\"error\":\"Too much; try again\",\"status\":3}\n");
  }

  @Test
  void tellsWrongUsageInJson() {
    assertThat(program.run("get", "--json").err())
        .isEqualTo(
            "{\"error\":\"Missing required parameter: '<key>'; see 'minikv help get'\",\"status\":2}\n");
  }

  @Test
  void neverShowsAStackTrace() {
    program.failingTo("get", new IllegalStateException("oops"));

    Program.Result result = program.run("get", "a");

    assertThat(result.err())
        .isEqualTo(
            "minikv: an error that should not happen: java.lang.IllegalStateException: oops; please report it"
                + " with what you did\n");
    assertThat(result.status()).isEqualTo(3);
  }

  @Test
  void tellsAFailureToClose() {
    program.failingTo(
        "close", new NotWritableException(NotWritableException.Reason.DISK_FAILED, "Lost.", null));

    Program.Result result = program.run("set", "k", "v");

    assertThat(result.err()).isEqualTo("minikv: Lost.\n");
    assertThat(result.status()).isEqualTo(3);
  }

  @Test
  void saysWhichCommandItDoesNotKnow() {
    Program.Result result = program.run("gte", "a");

    assertThat(result.err()).isEqualTo("minikv: Unknown command: gte; see 'minikv help'\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "get a b",
        "get --no-such a",
        "list --limit many",
        "--no-such",
        "help nothing"
      })
  void endsWithStatusTwoOnWrongUsage(String arguments) {
    Program.Result result = program.run(arguments.split(" ", -1));

    assertThat(result.err()).startsWith("minikv: ").contains("'minikv help").hasLineCount(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void refusesAnArgumentThatTheLocaleCouldNotDecode() {
    Program.Result result = program.run("get", "caf\uFFFD");

    assertThat(result.err()).contains("LC_ALL=C.UTF-8", "--hex");
    assertThat(result.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void explainsItself(String arguments) {
    Program.Result result = program.run(arguments);

    assertThat(result.out()).contains("serve", "shell", "DATA_DIR", "Exit status:");
    assertThat(result.status()).isZero();
    assertThat(program.opened).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"help set", "set --help"})
  void explainsACommand(String arguments) {
    assertThat(program.run(arguments.split(" ", -1)).out())
        .contains("Usage: minikv set", "--ttl", "--if-absent", "standard input");
  }

  @Test
  void tellsItsVersion() {
    assertThat(program.run("--version").out()).startsWith("minikv ");
  }

  @Test
  void usesColoursOnlyOnATerminalWhoseUserDoesNotMind() {
    assertThat(program.run("stats").out()).doesNotContain("\u001b");
    program.onTerminal();
    assertThat(program.run("stats").out()).contains("\u001b[1m");
    program.variables.put("NO_COLOR", "1");
    assertThat(program.run("stats").out()).doesNotContain("\u001b");
  }

  @Test
  void endsQuietlyWhenTheReaderHasEnough() {
    program.stdout = failing(new IOException("Broken pipe"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(program.create(err).run("list")).isZero();
    assertThat(err.size()).isZero();
  }

  @Test
  void saysThatTheOutputIsIncompleteWhenTheDiskBehindItIsFull() {
    program.stdout = failing(new IOException("No space left on device"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(program.create(err).run("get", "a")).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "minikv: cannot write the output: No space left on device; what was written of it is incomplete\n");
  }

  @Test
  void canBeInterruptedFromAnotherThread() throws IOException {
    PipedOutputStream neverEnding = new PipedOutputStream();
    program.stdin = new PipedInputStream(neverEnding);
    MiniKvCli cli = program.create(OutputStream.nullOutputStream());
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> cli.run("shell"));
    await().until(() -> !program.opened.isEmpty());

    cli.interrupt();
    neverEnding.write("list\n".getBytes(StandardCharsets.UTF_8));
    neverEnding.flush();

    assertThat(status.join()).isEqualTo(130);
    assertThat(program.closed).isPositive();
  }

  private static OutputStream failing(IOException failure) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw failure;
      }
    };
  }
}
