package io.minikv.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A small file system of its own, where this user may mount one. */
final class Mount implements AutoCloseable {

  private final Path place;
  private final String problem;

  private Mount(Path place, String problem) {
    this.place = place;
    this.problem = problem;
  }

  /** Mounts one in memory with these options, as {@code mount -o} takes them. */
  static Mount tmpfs(Path place, String options) throws IOException, InterruptedException {
    return new Mount(
        place, mount("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()));
  }

  /** Makes an ext4 of an image file and mounts it. */
  static Mount newExt4(Path image, Path place) throws IOException, InterruptedException {
    String failure = run("mkfs.ext4", "-q", "-F", image.toString());
    return failure.isEmpty()
        ? ext4(image, place, "defaults")
        : new Mount(place, "cannot make an ext4: " + failure);
  }

  /** Mounts the ext4 of an image file with these options. */
  static Mount ext4(Path image, Path place, String options)
      throws IOException, InterruptedException {
    String all = "loop," + options;
    return new Mount(
        place, mount("mount", "-t", "ext4", "-o", all, image.toString(), place.toString()));
  }

  /** Why it could not be mounted; empty when it was. */
  String problem() {
    return problem;
  }

  private static String mount(String... command) throws IOException, InterruptedException {
    String output = run(command);
    return output.isEmpty() ? "" : "cannot mount: " + output;
  }

  /** Why a command failed; empty when it did its work. */
  private static String run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      int status = process.waitFor();
      return status == 0 ? "" : command[0] + " ended with " + status + ": " + output;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /**
   * Unmounts it for good.
   *
   * @throws IOException when anything in it is still open or mapped
   */
  void unmount() throws IOException, InterruptedException {
    String failure = run("umount", place.toString());
    if (!failure.isEmpty()) {
      throw new IOException("cannot unmount: " + failure + " This process holds " + held());
    }
  }

  /** What this process has open or mapped in it. */
  private List<String> held() throws IOException {
    List<String> held = new ArrayList<>();
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"));
        Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      mappings.filter(line -> line.contains(place.toString())).forEach(held::add);
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith(place.toString())) {
            held.add("descriptor " + target);
          }
        }
      }
    }
    return held;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (problem.isEmpty()) {
      run("umount", "--lazy", place.toString());
    }
  }
}
