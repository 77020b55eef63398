package io.minikv.adapter.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the shell keeps its history: {@code minikv/history} in the directory for state of the XDG
 * Base Directory Specification. What was typed may be private, so only the owner may read it.
 */
final class HistoryFile {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryFile.class);

  private HistoryFile() {}

  /** The file, which is there then; nothing when it cannot be had, which a shell can do without. */
  static Optional<Path> prepare(Map<String, String> variables) {
    try {
      Optional<Path> file = locate(variables);
      if (file.isPresent()) {
        create(file.get());
      }
      return file;
    } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
      LOG.debug("The history of the shell is not kept", e);
      return Optional.empty();
    }
  }

  private static Optional<Path> locate(Map<String, String> variables) {
    // The specification has relative paths ignored.
    return directory(variables, "XDG_STATE_HOME")
        .or(() -> directory(variables, "HOME").map(home -> home.resolve(".local").resolve("state")))
        .map(state -> state.resolve("minikv").resolve("history"));
  }

  private static Optional<Path> directory(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).map(Path::of).filter(Path::isAbsolute);
  }

  private static void create(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      LOG.trace("The history goes on", e);
    }
  }
}
