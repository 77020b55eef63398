package io.minikv.engine;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What this process has open, on systems that tell. */
final class OpenFiles {

  private OpenFiles() {}

  /** The files of a directory that this process has open or mapped. */
  static Set<String> in(Path directory) throws IOException {
    assumeThat(Path.of("/proc/self/fd")).as("this system tells in /proc what is open").exists();
    Set<String> files = new HashSet<>(Files.readAllLines(Path.of("/proc/self/maps")));
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          files.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    files.removeIf(file -> !file.contains(directory + "/"));
    return files;
  }
}
