package io.minikv.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory, where this user may mount one, and a file that takes space. */
final class SmallDisk implements AutoCloseable {

  private final Path place;
  private final String problem;
  private int fillers;

  private SmallDisk(Path place, String problem) {
    this.place = place;
    this.problem = problem;
  }

  static SmallDisk mount(Path place, int megabytes) throws IOException, InterruptedException {
    Files.createDirectory(place);
    String options = "size=" + megabytes + "m";
    return new SmallDisk(
        place, run("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()));
  }

  /** Why it could not be mounted; empty when it was. */
  String problem() {
    return problem;
  }

  Path place() {
    return place;
  }

  /** Takes so much of its space, or all that is left. */
  void fill(long bytes) throws IOException {
    byte[] piece = new byte[4 << 10];
    try (OutputStream filler = Files.newOutputStream(filler(fillers++))) {
      for (long taken = 0; taken < bytes; taken += piece.length) {
        filler.write(piece);
      }
    } catch (IOException e) {
      if (place.toFile().getUsableSpace() > 0) {
        throw e;
      }
    }
  }

  /** Gives back all that was taken. */
  void free() throws IOException {
    while (fillers > 0) {
      Files.delete(filler(--fillers));
    }
  }

  private Path filler(int number) {
    return place.resolve("filler-" + number);
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
