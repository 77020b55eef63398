package io.minikv.benchmarks.kit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A directory for the files of a measurement, removed when it ends, also when it is interrupted.
 */
public final class Scratch implements AutoCloseable {

  private final Path root;
  private final Thread atShutdown = new Thread(this::removeAtShutdown, "remove-scratch");

  /** Below a directory, so that the file system can be chosen. */
  public Scratch(Path parent) throws IOException {
    Files.createDirectories(parent);
    this.root = Files.createTempDirectory(parent, "minikv-benchmark-");
    Runtime.getRuntime().addShutdownHook(atShutdown);
  }

  /** A new directory in it. */
  public Path directory(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  /** Removes files of a directory by the pattern of their names. */
  public static void remove(Path directory, String pattern) throws IOException {
    try (var files = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** The space that the files of a directory take, in bytes. */
  public static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        bytes += size(file);
      }
    }
    return bytes;
  }

  /**
   * The space on the disk that a directory takes with all in it, in bytes; holes in files do not
   * count.
   */
  public static long allocatedBytes(Path directory) throws IOException {
    Process usage =
        new ProcessBuilder("du", "-sk", directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told;
    try (var output = usage.inputReader()) {
      told = output.readAllAsString();
    }
    if (usage.onExit().join().exitValue() != 0) {
      throw new IOException("du cannot tell the space of " + directory + ".");
    }
    return Long.parseLong(told.split("\\s", 2)[0]) << 10;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException _) {
      return 0; // It was removed meanwhile.
    }
  }

  /** When the program is interrupted: gigabytes may lie there. */
  private void removeAtShutdown() {
    List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(child -> child.onExit().join());
    try {
      removeAll();
    } catch (IOException e) {
      System.err.println("Could not remove " + root + ": " + e);
    }
  }

  @Override
  public void close() throws IOException {
    if (isShuttingDown()) {
      return; // Both would delete the same files.
    }
    removeAll();
  }

  private boolean isShuttingDown() {
    try {
      return !Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException _) {
      return true;
    }
  }

  private void removeAll() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
