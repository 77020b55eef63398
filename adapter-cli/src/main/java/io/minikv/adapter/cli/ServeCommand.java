package io.minikv.adapter.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the HTTP server. */
@Command(
    name = "serve",
    description = {
      "Run the HTTP server until it is told to stop.",
      "It is configured by environment variables; options go before them."
    })
final class ServeCommand {

  @Option(
      names = "--port",
      paramLabel = "<port>",
      description = "Where it listens. Otherwise: the environment variable PORT, or 9002.")
  Optional<Integer> port = Optional.empty();

  /** The environment variables with the options put over them. */
  Map<String, String> settings(Map<String, String> variables, Optional<Path> dataDirectory) {
    Map<String, String> settings = new HashMap<>(variables);
    port.ifPresent(number -> settings.put("PORT", number.toString()));
    dataDirectory.ifPresent(
        directory -> settings.put(DataDirectory.VARIABLE, directory.toString()));
    return Map.copyOf(settings);
  }
}
