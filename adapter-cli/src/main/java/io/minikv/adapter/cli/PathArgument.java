package io.minikv.adapter.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file or directory that an argument names. */
final class PathArgument {

  private PathArgument() {}

  /** The path, absolute. */
  static Path resolve(String argument, Path currentDirectory) {
    if (argument.isEmpty()) {
      throw new UsageException("a file or directory has an empty name; name one");
    }
    try {
      return currentDirectory.resolve(argument).normalize();
    } catch (InvalidPathException e) {
      throw new UsageException("this is no path: " + e.getMessage(), e);
    }
  }
}
