package io.minikv.adapter.cli;

import io.minikv.domain.KeyValueStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * The shell for people: prompt, editing, history, completion.
 *
 * <p>Commands run on a thread of their own, so that Ctrl-C gets the prompt back even when the store
 * is in the middle of something that cannot be stopped, such as a compaction: that goes on,
 * unheard.
 */
final class InteractiveShell {

  private static final String PROMPT = "> ";
  private static final long GIVE_UP_AFTER_MILLIS = 300;
  private static final Interpreter.Step INTERRUPTED =
      new Interpreter.Step(ExitStatus.INTERRUPTED, false);

  private final CliEnvironment environment;
  private final TerminalFactory terminals;
  private final Interpreter.Factory interpreters;
  private final KeyValueStore data;
  private Interpreter interpreter;

  /** Of the command that runs, for the thread that hears of Ctrl-C. */
  private volatile Cancellation running = new Cancellation();

  InteractiveShell(
      CliEnvironment environment,
      TerminalFactory terminals,
      Interpreter.Factory interpreters,
      KeyValueStore data) {
    this.environment = environment;
    this.terminals = terminals;
    this.interpreters = interpreters;
    this.data = data;
    this.interpreter = interpreters.create();
  }

  /** Talks to the user until they leave. */
  ExitStatus run() {
    try (Terminal terminal = terminals.open()) {
      terminal.handle(Terminal.Signal.INT, _ -> running.cancel());
      LineReader reader = createReader(terminal);
      terminal.writer().println("minikv (type help for instructions)");
      boolean more = true;
      while (more) {
        more = readAndExecute(reader, terminal);
      }
      return ExitStatus.DONE;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the terminal: " + e.getMessage(), e);
    }
  }

  private LineReader createReader(Terminal terminal) {
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("minikv")
            .parser(new LineWords.Parser())
            .completer(new ShellCompleter(interpreter.commands(), data))
            // Keys and values are full of exclamation marks.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            // Lines that are pasted are carried out as if they were typed.
            .option(LineReader.Option.BRACKETED_PASTE, false)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false);
    HistoryFile.prepare(environment.variables())
        .ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    return builder.build();
  }

  /** Whether there is more to come. */
  private boolean readAndExecute(LineReader reader, Terminal terminal) {
    try {
      String line = reader.readLine(PROMPT);
      return !execute(line.getBytes(StandardCharsets.UTF_8), terminal).quit();
    } catch (UserInterruptException e) {
      return true;
    } catch (EndOfFileException e) {
      return false;
    }
  }

  private Interpreter.Step execute(byte[] line, Terminal terminal) {
    Cancellation cancellation = new Cancellation();
    running = cancellation;
    Output out = new Output(terminal.output(), cancellation);
    CompletableFuture<Interpreter.Step> step = start(() -> carryOut(interpreter, line, out));
    CompletableFuture.anyOf(step, cancellation.asFuture()).join();
    return cancellation.isCancelled() ? giveUp(step, terminal) : step.join();
  }

  private static CompletableFuture<Interpreter.Step> start(Supplier<Interpreter.Step> work) {
    CompletableFuture<Interpreter.Step> step = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("minikv-shell-command")
        .start(() -> step.completeAsync(work, Runnable::run));
    return step;
  }

  private static Interpreter.Step carryOut(Interpreter interpreter, byte[] line, Output out) {
    try {
      Interpreter.Step step = interpreter.execute(line, out);
      out.flush();
      return step;
    } catch (CancelledException e) {
      return INTERRUPTED;
    }
  }

  /**
   * Lets the command end by itself for a moment; then leaves it alone, together with its
   * interpreter.
   */
  private Interpreter.Step giveUp(CompletableFuture<Interpreter.Step> step, Terminal terminal) {
    boolean ended =
        step.thenApply(_ -> true)
            .completeOnTimeout(false, GIVE_UP_AFTER_MILLIS, TimeUnit.MILLISECONDS)
            .join();
    if (!ended) {
      interpreter = interpreters.create();
    }
    // The terminal has put ^C on a line that is not ended.
    terminal.writer().println();
    terminal
        .writer()
        .println(ended ? "Interrupted" : "Interrupted; what the store has begun it will finish");
    terminal.flush();
    return INTERRUPTED;
  }
}
