package io.minikv.adapter.cli;

import java.io.InputStream;
import java.util.Optional;

/** The shell for programs: no prompt, no banner, one answer after the other. */
final class PlainShell {

  private final LineInput input;
  private final Output out;
  private final Interpreter interpreter;
  private final boolean stopOnError;

  PlainShell(InputStream stdin, Output out, Interpreter interpreter, boolean stopOnError) {
    this.input = new LineInput(stdin);
    this.out = out;
    this.interpreter = interpreter;
    this.stopOnError = stopOnError;
  }

  /** Carries out all lines, and gives the status of the first that failed. */
  ExitStatus run() {
    ExitStatus first = ExitStatus.DONE;
    boolean more = true;
    while (more) {
      Optional<byte[]> line = input.next();
      if (line.isEmpty()) {
        more = false;
      } else {
        Interpreter.Step step = interpreter.execute(line.get(), out);
        first = first.orThen(step.status());
        more = !step.quit() && !(stopOnError && step.status() != ExitStatus.DONE);
        flushBeforeWaiting();
      }
    }
    out.flush();
    return first;
  }

  /** A program at the other end may wait for this answer before it asks again. */
  private void flushBeforeWaiting() {
    if (input.mustWait()) {
      out.flush();
    }
  }
}
