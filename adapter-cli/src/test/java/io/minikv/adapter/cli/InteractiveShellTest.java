package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.CompactionReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InteractiveShellTest {

  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir Path home;

  private final Program program = new Program().onTerminal().with("user:1", "Alice");
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private Terminal terminal;
  private CompletableFuture<Integer> status;

  @BeforeEach
  void open() throws IOException {
    program.variables.put("HOME", home.toString());
    terminal =
        new ExternalTerminal(
            "test",
            "ansi",
            new PipedInputStream(keyboard, 1 << 16),
            screen,
            StandardCharsets.UTF_8);
    terminal.setSize(Size.of(200, 50));
    program.terminals = () -> terminal;
    MiniKvCli cli = program.create(errors);
    status = CompletableFuture.supplyAsync(cli::run);
    awaitScreen("> ");
  }

  @AfterEach
  void close() throws IOException {
    keyboard.close();
    terminal.close();
  }

  @Test
  void answersAtThePrompt() throws IOException {
    type("set name Bob\r");
    awaitScreen("OK");
    type("get name\r");
    awaitScreen("Bob\r\n");
    type("fly\r");
    awaitScreen("Unknown command: fly");
    type("quit\r");

    assertThat(ended()).isZero();
    assertThat(program.closed).isPositive();
    assertThat(screen()).contains("minikv (type help for instructions)");
  }

  @Test
  void leavesAtTheEndOfTheInput() throws IOException {
    type(CTRL_D);

    assertThat(ended()).isZero();
  }

  @Test
  void clearsTheLineOnCtrlC() throws IOException {
    type("set gone 1" + CTRL_C);
    type("set kept 2\r");
    awaitScreen("OK");
    type("quit\r");

    assertThat(ended()).isZero();
    assertThat(program.store.exists(Key.of("kept"))).isTrue();
    assertThat(program.store.exists(Key.of("gone"))).isFalse();
  }

  @Test
  void completesAKey() throws IOException {
    type("get us\t\r");
    awaitScreen("Alice");
    type("quit\r");

    assertThat(ended()).isZero();
  }

  @Test
  void keepsAHistory() throws IOException {
    type("set name Bob\r");
    awaitScreen("OK");
    type("quit\r");

    assertThat(ended()).isZero();
    assertThat(home.resolve(".local/state/minikv/history")).content().startsWith("set name Bob\n");
  }

  @Test
  void getsThePromptBackOnCtrlCWhileTheStoreIsBusy() throws IOException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    program.answering(
        "compact",
        () -> {
          busy.countDown();
          await().until(() -> release.getCount() == 0);
          return new CompactionReport(Instant.EPOCH, Duration.ZERO, 0, 0, 0, 0, 0, 0);
        });

    type("compact\r");
    await().until(() -> busy.getCount() == 0);
    terminal.raise(Terminal.Signal.INT);
    awaitScreen("Interrupted; what the store has begun it will finish");
    type("set after 1\r");
    awaitScreen("OK");
    release.countDown();
    type("quit\r");

    assertThat(ended()).isZero();
    assertThat(screen()).doesNotContain("Compaction finished");
  }

  private void type(String text) throws IOException {
    keyboard.write(text.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  private int ended() {
    return status.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void awaitScreen(String text) {
    await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(screen()).contains(text));
  }

  private String screen() {
    return screen.toString(StandardCharsets.UTF_8);
  }
}
