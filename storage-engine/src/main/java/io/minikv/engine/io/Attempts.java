package io.minikv.engine.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Several things that are all to be done, also when some of them fail: what closes files must not
 * stop at the first that cannot be closed. For one thread.
 */
public final class Attempts {

  private @Nullable IOException failure;

  /** Something that may fail. */
  @FunctionalInterface
  public interface Step {

    /** Does it. */
    void run() throws IOException;
  }

  /** Does something; a failure is kept. */
  public void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      IOException first = failure;
      if (first == null) {
        failure = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  /** Throws the first failure, if there was one, with the others as suppressed. */
  public void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
