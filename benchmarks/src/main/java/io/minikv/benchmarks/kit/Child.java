package io.minikv.benchmarks.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A step of a measurement in a JVM of its own, so that neither compiled code nor memory of another
 * one is in its way. It prints its figures as lines that begin with {@code RESULT}.
 */
public final class Child {

  /** The status of a process that ended without closing its store, as if it had been killed. */
  public static final int KILLED = 99;

  private static final String MAIN = "io.minikv.benchmarks.Benchmarks";
  private static final String MARK = "RESULT ";

  /** What every process of these programs needs; it is handed on as it was given. */
  private static final List<String> INHERITED =
      List.of(
          "--add-opens",
          "--add-exports",
          "--enable-native-access",
          "--sun-misc-unsafe-memory-access",
          "-Dchronicle.");

  private Child() {}

  /** Tells the parent a figure. */
  public static void tell(String name, double figure) {
    IO.println(MARK + name + " " + figure);
  }

  /**
   * Runs this program with other arguments, and waits for its end.
   *
   * @param flags of the JVM
   * @return the figures that it told, by name
   */
  public static Figures run(List<String> flags, List<String> arguments) throws IOException {
    Process process = start(flags, arguments);
    Figures figures = read(process, "");
    int status = process.onExit().join().exitValue();
    if (status != 0 && status != KILLED) {
      throw new IOException("A step failed with status " + status + ": " + arguments);
    }
    return figures;
  }

  /**
   * Runs this program with other arguments until it tells a figure of some name, and then kills it
   * in the middle of what it does.
   *
   * @param flags of the JVM
   * @return the figures that it told until then, by name
   */
  public static Figures killAfter(String name, List<String> flags, List<String> arguments)
      throws IOException {
    Process process = start(flags, arguments);
    try {
      Figures figures = read(process, name);
      figures.get(name);
      return figures;
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  private static Process start(List<String> flags, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> INHERITED.stream().anyMatch(argument::startsWith))
        .forEach(command::add);
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Reads figures until one has a name, or to the end. */
  private static Figures read(Process process, String last) throws IOException {
    Figures figures = new Figures();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(MARK)) {
        String[] words = line.substring(MARK.length()).split(" ", 2);
        figures.told.put(words[0], Double.valueOf(words[1]));
        if (words[0].equals(last)) {
          break;
        }
      }
    }
    return figures;
  }

  /** What a process told. */
  public static final class Figures {

    private final Map<String, Double> told = new HashMap<>();

    /** The figure of a name. */
    public double get(String name) {
      return find(name)
          .orElseThrow(() -> new IllegalStateException("A step did not tell " + name + "."));
    }

    /** The figure of a name; nothing when it was not told. */
    public OptionalDouble find(String name) {
      Double figure = told.get(name);
      return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure);
    }
  }
}
