package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which files are open or mapped. */
public final class OpenFiles {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long CAPACITY = 1L << 40;

  private OpenFiles() {}

  /** What this process has open or mapped of a directory: each file once for each time. */
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

  /**
   * Removes all files of a simulated disk, and requires that nobody has one open: its space would
   * not be free then.
   */
  public static void requireNone(SimulatedDisk disk) throws IOException {
    disk.setCapacity(CAPACITY);
    for (String name : disk.list()) {
      disk.delete(name);
    }
    assertThat(CAPACITY - disk.freeBytes()).as("bytes of files that are open still").isZero();
  }
}
