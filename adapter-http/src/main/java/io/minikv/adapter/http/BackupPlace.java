package io.minikv.adapter.http;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where backups go that clients ask for: directories of their own below one that is configured. A
 * client chooses a name, never a path.
 */
final class BackupPlace {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter BY_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Optional<Path> directory;

  BackupPlace(Optional<Path> directory) {
    this.directory = directory;
  }

  /** The name of a backup: what the client wants, or the time. */
  String name(Optional<String> wanted, Instant now) {
    String name = wanted.orElseGet(() -> BY_TIME.format(now));
    if (!NAME.matcher(name).matches()) {
      throw ProblemException.badRequest(
          "The name of a backup has 1 to 100 letters, digits, dots, dashes and underscores, and"
              + " begins with a letter or digit.");
    }
    return name;
  }

  /** Where a backup of that name goes. */
  Path path(String name) {
    return directory
        .orElseThrow(() ->
            new ProblemException(
                Problem.of(
                    501,
                    "no-backup-directory",
                    "Not supported",
                    "This server makes no backups: its BACKUP_DIR is not set.")))
        .resolve(name);
  }
}
