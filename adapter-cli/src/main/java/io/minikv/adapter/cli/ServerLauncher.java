package io.minikv.adapter.cli;

import java.util.Map;

/** Runs the HTTP server. The application implements it. */
@FunctionalInterface
public interface ServerLauncher {

  /**
   * Runs the server until it is told to stop.
   *
   * @param settings by the names of the environment variables: the environment of the process, with
   *     what options of the command line say put over it ({@code --port} over {@code PORT}, {@code
   *     --data-dir} over {@code DATA_DIR}, absolute then)
   * @return the exit status of the process
   * @throws io.minikv.domain.InvalidRequestException when settings are wrong: all mistakes, one a
   *     line
   * @throws io.minikv.domain.StoreException when the server cannot start; the message is shown to
   *     the user
   */
  int serve(Map<String, String> settings);
}
