package io.minikv.engine.read;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.IOException;
import java.util.Optional;

/** What a failed read means to the caller. */
final class ReadErrors {

  private ReadErrors() {}

  static DamagedDataException of(IOException cause, Optional<Key> key, String file) {
    String where =
        cause instanceof DamagedSegmentException damaged
            ? damaged.getMessage()
            : file + ": " + cause.getMessage();
    String what = key.map(k -> "The entry of the key " + k).orElse("An entry");
    return new DamagedDataException(
        what + " cannot be read (" + where + "). Write it again, or restore a backup.", key, file);
  }

  /** A scan that cannot go on. */
  static DamagedDataException ofScan(IOException cause) {
    return of(cause, Optional.empty(), "a segment");
  }

  static DamagedDataException of(FormatException cause, Key key, String file) {
    return new DamagedDataException(
        "The entry of the key " + key + " cannot be read: " + file + " " + cause.getMessage() + ".",
        Optional.of(key),
        file);
  }
}
