package io.minikv.adapter.cli;

import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.StoreTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line of MiniKV: shell, one-shot commands, and the start of the server. An instance is
 * for one run.
 *
 * <p>It prints answers to standard output and errors to standard error, one line each, and never a
 * stack trace; details of errors are logged at the level debug.
 */
public final class MiniKvCli {

  private final CliEnvironment environment;
  private final StoreOpener opener;
  private final ServerLauncher server;
  private final StoreTools tools;
  private final TerminalFactory terminals;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<@Nullable OpenStore> openStore = new AtomicReference<>();

  /**
   * A command line.
   *
   * @param environment all of the process that it sees
   * @param opener opens the store that a command works on
   * @param server runs the server
   * @param tools works on the files of stores that are not open
   */
  public MiniKvCli(
      CliEnvironment environment, StoreOpener opener, ServerLauncher server, StoreTools tools) {
    this(environment, opener, server, tools, TerminalFactory.SYSTEM);
  }

  MiniKvCli(
      CliEnvironment environment,
      StoreOpener opener,
      ServerLauncher server,
      StoreTools tools,
      TerminalFactory terminals) {
    this.environment = environment;
    this.opener = opener;
    this.server = server;
    this.tools = tools;
    this.terminals = terminals;
  }

  /**
   * Does what the arguments say. Every failure is told to the user and shows in the result; nothing
   * is thrown. The store that was opened is closed when it returns.
   *
   * @return the exit status of the process: 0 done, 1 key not found, 2 wrong usage, 3 input or
   *     output failed or the store cannot be used, 4 damaged data, 5 a condition did not hold, 130
   *     interrupted; for {@code serve} what the server returned
   */
  public int run(String... args) {
    Output out = new Output(environment.stdout(), cancellation);
    Output err = new Output(environment.stderr(), new Cancellation());
    ErrorReporter errors =
        new ErrorReporter(err, environment.stderrStyle(), List.of(args).contains("--json"));
    try {
      int code = execute(out, err, errors, args);
      out.flush();
      err.flush();
      return code;
    } catch (RuntimeException | OutOfMemoryError e) {
      return end(e, out, errors).code();
    }
  }

  /**
   * Ends a run from another thread, as a signal asks for it: the command that is under way is given
   * up, and the store is closed when this returns, so that the process can end. Does nothing to a
   * server, which has its own end.
   *
   * @throws StoreException when what was written could not be made durable; the store is closed all
   *     the same
   */
  public void interrupt() {
    cancellation.cancel();
    OpenStore store = openStore.get();
    if (store != null) {
      store.close();
    }
  }

  private ExitStatus end(Throwable failure, Output out, ErrorReporter errors) {
    if (cancellation.isCancelled()) {
      return ExitStatus.INTERRUPTED;
    }
    if (failure instanceof OutputException output && output.isBrokenPipe()) {
      return ExitStatus.DONE;
    }
    try {
      if (!(failure instanceof OutputException)) {
        out.flush();
      }
      return errors.report(failure);
    } catch (OutputException e) {
      // Nobody is left to be told; the status still tells it.
      return Problem.of(failure).status();
    }
  }

  private int execute(Output out, Output err, ErrorReporter errors, String... args) {
    checkDecodable(args);
    CommandLine program = CommandLines.program();
    ParseResult result;
    try {
      result = program.parseArgs(args);
    } catch (ParameterException e) {
      return errors.report(ParseErrors.explain(e, "minikv help")).code();
    }
    if (new Help(program, out, environment.stdoutStyle()).answers(result)) {
      return ExitStatus.DONE.code();
    }
    RootCommand root = (RootCommand) program.getCommandSpec().userObject();
    ParseResult leaf = result.hasSubcommand() ? result.subcommand() : result;
    return switch (leaf.commandSpec().userObject()) {
      case ServeCommand serve ->
          server.serve(
              serve.settings(
                  environment.variables(),
                  DataDirectory.fromOption(root.dataDirectory, environment)));
      case ToolCommand command -> runTool(command, root, out, err).code();
      case StoreCommand command -> runOnce(command, root, out, err, errors).code();
      case ShellCommand shell ->
          runShell(shell.shell, root.common.json || shell.common.json, root, out, errors).code();
      default -> runShell(root.shell, root.common.json, root, out, errors).code();
    };
  }

  private ExitStatus runOnce(
      StoreCommand command, RootCommand root, Output out, Output err, ErrorReporter errors) {
    Presentation presentation =
        new Presentation(
            false, environment.stdoutIsTerminal(), root.common.json, environment.stdoutStyle());
    try (OpenStore store = open(root, command.mayCreate())) {
      ExitStatus status =
          command.run(
              new Invocation(
                  store.data(),
                  store.maintenance(),
                  out,
                  err,
                  errors,
                  Optional.of(environment.stdin()),
                  environment.currentDirectory(),
                  presentation,
                  Optional.empty()));
      out.flush();
      return status;
    }
  }

  private ExitStatus runTool(ToolCommand command, RootCommand root, Output out, Output err) {
    Presentation presentation =
        new Presentation(
            false, environment.stdoutIsTerminal(), root.common.json, environment.stdoutStyle());
    boolean shows = environment.stderrIsTerminal() && !root.common.json;
    try (ProgressLine progress = new ProgressLine(err, shows, cancellation)) {
      ExitStatus status =
          command.run(
              new ToolInvocation(
                  tools,
                  DataDirectory.choose(root.dataDirectory, environment),
                  environment.currentDirectory(),
                  out,
                  presentation,
                  progress));
      progress.close();
      out.flush();
      return status;
    }
  }

  private ExitStatus runShell(
      ShellOptions options, boolean json, RootCommand root, Output out, ErrorReporter errors) {
    boolean interactive = environment.isInteractive();
    Presentation presentation =
        new Presentation(true, environment.stdoutIsTerminal(), json, environment.stdoutStyle());
    try (OpenStore store = open(root, true)) {
      Interpreter.Factory interpreters =
          () -> new Interpreter(store, errors, presentation, environment.currentDirectory());
      return interactive
          ? new InteractiveShell(environment, terminals, interpreters, store.data()).run()
          : new PlainShell(environment.stdin(), out, interpreters.create(), options.stopOnError)
              .run();
    }
  }

  private OpenStore open(RootCommand root, boolean mayCreate) {
    Path directory = DataDirectory.choose(root.dataDirectory, environment);
    if (!mayCreate && Files.notExists(directory)) {
      throw new StoreUnavailableException(
          StoreUnavailableException.Reason.INACCESSIBLE,
          "there is no data directory "
              + directory
              + "; name the right one with --data-dir or DATA_DIR, or create it by storing something",
          null);
    }
    OpenStore store = opener.open(directory, mayCreate);
    openStore.set(store);
    if (cancellation.isCancelled()) {
      store.close();
      throw new CancelledException();
    }
    return store;
  }

  /** Java puts U+FFFD in place of what it cannot decode: two different keys would become one. */
  private static void checkDecodable(String... args) {
    for (String arg : args) {
      if (arg.indexOf('\uFFFD') >= 0) {
        throw new UsageException(
            "an argument is not text in the character set of the locale; use a UTF-8 locale (LC_ALL=C.UTF-8), or give the bytes"
                + " with --hex, --base64 or on standard input");
      }
    }
  }
}
