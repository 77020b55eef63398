package io.minikv.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A small file system in memory of its own, where this user may mount one. */
final class Mount implements AutoCloseable {

  private final Path place;
  private final String problem;

  private Mount(Path place, String problem) {
    this.place = place;
    this.problem = problem;
  }

  /** Mounts one with these options, as {@code mount -o} takes them. */
  static Mount tmpfs(Path place, String options) throws IOException, InterruptedException {
    return new Mount(place, run("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()));
  }

  /** Why it could not be mounted; empty when it was. */
  String problem() {
    return problem;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      return process.waitFor() == 0 ? "" : "cannot mount: " + output;
    } catch (IOException e) {
      return "cannot mount: " + e.getMessage();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (problem.isEmpty()) {
      run("umount", "--lazy", place.toString());
    }
  }
}
