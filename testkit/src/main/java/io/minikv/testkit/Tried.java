package io.minikv.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one method of testing tried, for the table that {@code .ci/run} prints when it ends. A
 * figure is a line {@code method, what, figure}, separated by tabs, in a file in the directory that
 * {@code minikv.tried.dir} names: whole numbers are added up there, and remarks, which begin with
 * an apostrophe, are listed.
 *
 * @param method the name of the method, and of the file
 */
public record Tried(String method) {

  /** Adds to a count of what was tried, after it held. */
  public Tried count(String what, long count) {
    return add(what, Long.toString(count));
  }

  /** Adds where a random test began. */
  public Tried seed(long seed) {
    return note("seed", Long.toString(seed));
  }

  /** Adds a remark: anything that is not to be added up. */
  public Tried note(String what, String remark) {
    return add(what, "'" + remark);
  }

  private Tried add(String what, String figure) {
    Path directory = Path.of(System.getProperty("minikv.tried.dir", "target/tried"));
    try {
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve(method.replace(' ', '-') + ".txt"),
          "%s\t%s\t%s%n".formatted(method, what, figure),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("A figure cannot be written to " + directory, e);
    }
    return this;
  }
}
