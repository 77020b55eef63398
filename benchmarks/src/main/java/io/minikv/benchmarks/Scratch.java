package io.minikv.benchmarks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory for the files of a measurement, removed when it ends. */
final class Scratch implements AutoCloseable {

  private final Path root;

  /** Below a directory, so that the file system can be chosen. */
  Scratch(Path parent) throws IOException {
    Files.createDirectories(parent);
    this.root = Files.createTempDirectory(parent, "minikv-benchmark-");
  }

  /** A new directory in it. */
  Path directory(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  /** Removes files of a directory by the pattern of their names. */
  static void remove(Path directory, String pattern) throws IOException {
    try (var files = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** The space that the files of a directory take, in bytes. */
  static long bytes(Path directory) throws IOException {
    long bytes = 0;
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        bytes += size(file);
      }
    }
    return bytes;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException _) {
      return 0; // It was removed meanwhile.
    }
  }

  @Override
  public void close() throws IOException {
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
