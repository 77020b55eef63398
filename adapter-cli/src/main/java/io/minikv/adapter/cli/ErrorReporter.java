package io.minikv.adapter.cli;

import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the user on standard error what went wrong, one line for each thing. Details for developers
 * go to the log.
 */
final class ErrorReporter {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorReporter.class);

  private final Output err;
  private final Style style;
  private final boolean json;

  ErrorReporter(Output err, Style style, boolean json) {
    this.err = err;
    this.style = style;
    this.json = json;
  }

  /** Tells what a failure means, and gives the status that it ends a command with. */
  ExitStatus report(Throwable failure) {
    LOG.debug("A command failed", failure);
    return report(Problem.of(failure));
  }

  ExitStatus report(Problem problem) {
    problem.text().lines().forEach(line -> err.line(format(line, problem.status())));
    err.flush();
    return problem.status();
  }

  private String format(String line, ExitStatus status) {
    // The text may quote what the user or a file says, which a terminal must not obey.
    String safe = Notation.display(line.getBytes(StandardCharsets.UTF_8));
    return json ? json(safe, status).toString() : style.error("minikv:") + " " + safe;
  }

  /** How an error looks in JSON. */
  static JsonObject json(String text, ExitStatus status) {
    return new JsonObject().put("error", text).put("status", status.code());
  }
}
