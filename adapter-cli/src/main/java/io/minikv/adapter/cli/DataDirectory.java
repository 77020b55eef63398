package io.minikv.adapter.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the store is: what the option says, or the environment, or {@code data}. */
final class DataDirectory {

  static final String VARIABLE = "DATA_DIR";
  private static final String DEFAULT = "data";

  private DataDirectory() {}

  /** The directory, absolute. */
  static Path choose(Optional<String> option, CliEnvironment environment) {
    return fromOption(option, environment)
        .orElseGet(() -> resolve(fromVariable(environment), VARIABLE, environment));
  }

  /** The directory that the option names, absolute. */
  static Optional<Path> fromOption(Optional<String> option, CliEnvironment environment) {
    return option.map(path -> resolve(path, "--data-dir", environment));
  }

  private static String fromVariable(CliEnvironment environment) {
    String value = environment.variables().getOrDefault(VARIABLE, "");
    return value.isEmpty() ? DEFAULT : value;
  }

  private static Path resolve(String path, String source, CliEnvironment environment) {
    if (path.isEmpty()) {
      throw new UsageException(source + " is empty; name a directory");
    }
    try {
      return environment.currentDirectory().resolve(path).normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(source + " is no path: " + e.getMessage() + "; name a directory", e);
    }
  }
}
