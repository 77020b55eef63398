package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The assembled program as a process of its own, started the way a user does. The launcher becomes
 * Java, so that the process here is the one that gets the signals. Closing kills it.
 */
final class ProgramProcess implements AutoCloseable {

  /** Generous, because the machine may be busy; nothing waits so long where all is well. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern LISTENING = Pattern.compile("listens on (http://\\S+)");

  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private ProgramProcess(Process process, Path stdout, Path stderr) {
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Where the build assembled the program. */
  static Path home() {
    return Path.of(System.getProperty("minikv.home", "target/minikv")).toAbsolutePath();
  }

  /**
   * Starts the program in a folder.
   *
   * @param folder its current directory; what it prints goes to files there
   * @param variables its environment variables, besides what finding Java needs
   * @param stdin what it reads
   * @param arguments its command line
   */
  static ProgramProcess start(
      Path folder, Map<String, String> variables, Path stdin, String... arguments) {
    List<String> command = new ArrayList<>(List.of(home().resolve("bin/minikv").toString()));
    command.addAll(List.of(arguments));
    return start(folder, variables, stdin, command);
  }

  private static ProgramProcess start(
      Path folder, Map<String, String> variables, Path stdin, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
    builder.environment().put("MINIKV_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(variables);
    try {
      Path stdout = Files.createTempFile(folder, "out-", ".txt");
      Path stderr = Files.createTempFile(folder, "err-", ".txt");
      builder.redirectInput(stdin.toFile());
      builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
      return new ProgramProcess(builder.start(), stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server on any free port and waits until it listens. */
  static ProgramProcess serve(Path folder, Map<String, String> variables) {
    ProgramProcess server = start(folder, anyPort(variables), Path.of("/dev/null"), "serve");
    server.url();
    return server;
  }

  /** The same, which may have so many descriptors at the most. */
  static ProgramProcess serve(Path folder, Map<String, String> variables, int descriptors) {
    String limited = "ulimit -n " + descriptors + " && exec \"$0\" serve";
    List<String> command = List.of("sh", "-c", limited, home().resolve("bin/minikv").toString());
    ProgramProcess server = start(folder, anyPort(variables), Path.of("/dev/null"), command);
    server.url();
    return server;
  }

  private static Map<String, String> anyPort(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.putIfAbsent("PORT", "0");
    return all;
  }

  /** Runs a command to its end. */
  static ProgramProcess run(Path folder, Map<String, String> variables, String... arguments) {
    return run(folder, variables, Path.of("/dev/null"), arguments);
  }

  /** Runs a command to its end, with a file as its standard input. */
  static ProgramProcess run(
      Path folder, Map<String, String> variables, Path stdin, String... arguments) {
    ProgramProcess command = start(folder, variables, stdin, arguments);
    command.exitStatus();
    return command;
  }

  /** Where the server listens; waits until it does. */
  String url() {
    await("the server to listen")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> LISTENING.matcher(stderr()).find() || !process.isAlive());
    Matcher line = LISTENING.matcher(stderr());
    assertThat(line.find()).as("the server listens: %s", stderr()).isTrue();
    return line.group(1);
  }

  /** Waits until it has said something on standard error. */
  void awaitOnStderr(String text) {
    await(text)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> stderr().contains(text));
  }

  /** How much memory is its own: heap, direct memory, threads, code; not the files it maps. */
  long ownBytes() {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    try (Stream<String> lines = Files.lines(status)) {
      String kilobytes =
          lines
              .filter(line -> line.startsWith("RssAnon:"))
              .findFirst()
              .orElseThrow()
              .replaceAll("\\D", "");
      return Long.parseLong(kilobytes) << 10;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, as a service manager does. */
  void terminate() {
    process.destroy();
  }

  /** Ends it without a word to it, as {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  /** Its exit status; waits for its end. */
  int exitStatus() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("the program ends: %s", stderr())
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] stdoutBytes() {
    try {
      return Files.readAllBytes(stdout);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String stdout() {
    return new String(stdoutBytes(), StandardCharsets.UTF_8);
  }

  String stderr() {
    try {
      return Files.readString(stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
