package io.minikv.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step of a measurement in a JVM of its own, so that neither compiled code nor memory of another
 * one is in its way. It prints its figures as lines that begin with {@code RESULT}.
 */
final class Child {

  /** The status of a process that ended without closing its store, as if it had been killed. */
  static final int KILLED = 99;

  private static final String MARK = "RESULT ";

  private Child() {}

  /** Tells the parent a figure. */
  static void tell(String name, double figure) {
    IO.println(MARK + name + " " + figure);
  }

  /**
   * Runs this program with other arguments, and waits for its end.
   *
   * @param flags of the JVM
   * @return the figures that it told, by name
   */
  static Figures run(List<String> flags, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Benchmarks.class.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Figures figures = new Figures();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          String[] words = line.substring(MARK.length()).split(" ", 2);
          figures.told.put(words[0], Double.valueOf(words[1]));
        }
      }
    }
    int status = process.onExit().join().exitValue();
    if (status != 0 && status != KILLED) {
      throw new IOException("A step failed with status " + status + ": " + arguments);
    }
    return figures;
  }

  /** What a process told. */
  static final class Figures {

    private final Map<String, Double> told = new HashMap<>();

    /** The figure of a name. */
    double get(String name) {
      Double figure = told.get(name);
      if (figure == null) {
        throw new IllegalStateException("A step did not tell " + name + ".");
      }
      return figure;
    }
  }
}
