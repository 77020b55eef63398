package io.minikv.engine.io;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process has open or mapped, where the system tells it. */
public final class OpenedFiles {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private OpenedFiles() {}

  /** What is open or mapped of a directory: each file once for each time. */
  public static List<String> below(Path directory) throws IOException {
    assumeThat(DESCRIPTORS).as("this system tells in /proc what is open").exists();
    List<String> files = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/maps")));
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          files.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    String prefix = directory.toRealPath() + "/";
    return files.stream().filter(file -> file.contains(prefix)).toList();
  }
}
