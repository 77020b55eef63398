package io.minikv.adapter.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * All of the process that the command line sees, so that it can run without one in tests.
 *
 * <p>The output streams must throw when writing fails. A {@link java.io.PrintStream} does not, so
 * that a full disk behind {@code minikv get key > file} would pass for success: do not hand over
 * {@code System.out}, but use {@link #ofProcess()}.
 *
 * @param stdin standard input, not buffered beyond what was read
 * @param stdout standard output
 * @param stderr standard error
 * @param variables the environment variables
 * @param stdinIsTerminal whether a person types the input
 * @param stdoutIsTerminal whether a person reads the output
 * @param stderrIsTerminal whether a person reads the errors
 * @param currentDirectory what relative paths start from; absolute
 */
public record CliEnvironment(
    InputStream stdin,
    OutputStream stdout,
    OutputStream stderr,
    Map<String, String> variables,
    boolean stdinIsTerminal,
    boolean stdoutIsTerminal,
    boolean stderrIsTerminal,
    Path currentDirectory) {

  /** Keeps a copy of the variables. */
  public CliEnvironment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  // The console is null where either end is redirected: that came back after JDK 22.
  @SuppressWarnings("SystemConsoleNull")
  public static CliEnvironment ofProcess() {
    Console console = System.console();
    // A console that is a terminal is one at both ends. Where it is not, each end has to be looked
    // at by itself.
    boolean both = console != null && console.isTerminal();
    return new CliEnvironment(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        both || isTerminal(0),
        both || isTerminal(1),
        isTerminal(2),
        Path.of("").toAbsolutePath());
  }

  /**
   * Whether a file descriptor is a terminal, as far as Linux tells through /proc. Asking the C
   * library costs a one-shot command half a second of loading; elsewhere the answer is no, which
   * only costs colour.
   */
  private static boolean isTerminal(int fileDescriptor) {
    Path link = Path.of("/proc/self/fd", Integer.toString(fileDescriptor));
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether a person sits at both ends, so that lines can be edited. */
  boolean isInteractive() {
    return stdinIsTerminal && stdoutIsTerminal;
  }

  /** Whether answers may have colours. */
  Style stdoutStyle() {
    return style(stdoutIsTerminal);
  }

  /** Whether errors may have colours. */
  Style stderrStyle() {
    return style(stderrIsTerminal);
  }

  private Style style(boolean terminal) {
    boolean unwanted =
        !variables.getOrDefault("NO_COLOR", "").isEmpty()
            || variables.getOrDefault("TERM", "").equals("dumb");
    return terminal && !unwanted ? Style.COLOURED : Style.PLAIN;
  }
}
